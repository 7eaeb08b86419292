package cli

import (
	"context"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/fault"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
)

// replaying is what one run works with.
type replaying struct {
	engine detect.Engine
	follow *follow.Follower
	tally  *tally
	kept   *letters
	behind *behind

	parts *parts
	out   *writer
	bar   *bar
}

// read judges what is in the files and hands the hits to the writer.
func (s *shell) read(ctx context.Context, r replaying, o replayOptions, paths []string) (err error) {
	r.parts = &parts{engine: r.engine, follow: r.follow, window: source.NewDedupe(0), behind: r.behind}
	r.out, r.bar = newWriter(s.out, o.form, s.now), s.newBar()
	defer r.bar.close()
	if o.lineage {
		if err := r.behind.learn(ctx, paths, r.bar.progress()); err != nil {
			return err
		}
	}
	r.tally.file, err = file.Spread(ctx, paths, file.Options{Now: time.Now, Progress: r.bar.progress()}, r.parts.open, r.take)
	if err != nil {
		return err
	}
	err = r.behind.judge(ctx, r.parts, paths, r.bar.progress(), func(hits []hit, chain []correlate.Hit) error {
		r.follow.Take(chain)
		return r.tell(hits)
	})
	if err != nil {
		return err
	}
	s.forgotten(r.behind)
	hits, err := chained(r.follow, r.follow.End())
	if err != nil {
		return err
	}
	s.losses(r.follow)
	return r.tell(hits)
}

// take takes what became of a part, one part after another.
func (r *replaying) take(done *part) error {
	defer r.parts.close(done)
	for _, d := range done.dead {
		r.tally.letter(d)
		if r.kept == nil {
			continue
		}
		if err := r.kept.write(d); err != nil {
			return err
		}
	}
	for _, f := range done.skipped {
		r.tally.skip(f.path, f.reason)
	}
	for _, g := range done.grants {
		r.behind.graph.Take(g)
	}
	n := done.fresh()
	r.tally.duplicates += n.duplicates
	r.behind.keep(n.waiting)
	r.follow.Take(n.chain) // what comes of it is told at the end, when it is final
	return r.tell(n.hits)
}

// tell writes hits.
func (r *replaying) tell(hits []hit) error {
	if len(hits) == 0 {
		return nil
	}
	r.bar.hide() // where both are the same screen, a row must not land in the middle of the bar
	for _, h := range hits {
		h.behind = r.behind.words(h)
		r.tally.add(h)
		if err := r.out.write(h); err != nil {
			return fault.Wrap(fault.Unavailable, err, "write the findings")
		}
	}
	return fault.Wrap(fault.Unavailable, r.out.to.Flush(), "write the findings")
}
