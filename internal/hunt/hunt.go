package hunt

import (
	"context"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
	"jobzero/internal/source/logs"
)

// Options are what can be said to a hunt; the zero value is all of the input by the rules as they are.
type Options struct {
	Org      *org.Org       // what the scopes of rules ask; nil: every rule counts everywhere
	Window   archive.Window // records outside of it do not count
	After    string         // see file.Options
	Workers  int            // likewise
	Logs     logs.Options   // what is known of logs that do not say it themselves
	Progress func(int64, int64)
	Also     detect.Engine     // judges beside the rules, such as threat intelligence; nil: nothing does
	Profile  *sigma.Profile    // of the same rules; nil: costs are not measured, and cost nothing
	Learn    *baseline.Options // nil: nothing is learnt
	Asks     *Question         // what the baselines make of some events; nil: nobody asks
	Lineage  bool              // every finding says who is behind it; the input is read twice
	Silent   bool              // findings come without why, which saves most of what a match costs
	Spanned  bool              // Stats says from when to when the events are
	Now      func() time.Time
	// Leave says which files and folders are left out; nil: those outside of the window. See file.Options.
	Leave func(path string) bool
	// Keep takes what matches mean to correlations, which are then judged by somebody else, from more than one hunt. The hits
	// are good until it returns, and their references are glimpses of follow. nil: they are judged at the end.
	Keep func([]correlate.Hit) error
}

// Teller is told what is found, in the order of the input, by one goroutine at a time. An error ends the hunt.
type Teller interface {
	Hits([]Hit) error // never none
	Letter(source.DeadLetter) error
	Skipped(path, reason string)
}

// Stats count what a hunt read.
type Stats struct {
	file.Stats
	Duplicates int64
	Outside    int64     // records out of the window
	Begin, End time.Time // of the events, when it was asked for
	Losses     []correlate.Loss
	Sessions   lineage.Counts // what is known of who is behind what
}

// Hunt is rules that are ready for one run.
type Hunt struct {
	options Options
	follow  *follow.Follower
	parts   *parts
	watch   *watch
	behind  *behind
}

// New makes a hunt with a linked set. Correlations that cannot be run are errors and left out; when there is no hunt at all,
// the last error says why.
func New(set sigma.Set, o Options) (*Hunt, []error) {
	behind, engine := newBehind(set, o)
	followed, bad := follow.New(set, chainOptions(behind.graph))
	if followed == nil {
		return nil, bad
	}
	h := &Hunt{options: o, follow: followed, watch: newWatch(o.Learn, o.Asks), behind: behind}
	h.parts = &parts{
		follow: followed, window: o.Window, all: o.Window.Empty(), spanned: o.Spanned, learns: o.Learn != nil, behind: behind,
		known: source.NewDedupe(0), also: o.Also, glimpse: o.Keep != nil,
	}
	if o.Org != nil {
		h.parts.scopes = scope.New(set, o.Org)
	}
	h.parts.engine = func() detect.Engine { return engine }
	if o.Profile != nil {
		h.parts.engine = func() detect.Engine { return o.Profile.Meter() }
	}
	return h, bad
}

// Run judges what the inputs hold, once. Findings of correlations come last, when they are final. Stats count what was read by
// the time of an error, too.
func (h *Hunt) Run(ctx context.Context, inputs []file.Input, to Teller) (stats Stats, err error) {
	o := file.Options{
		InTime: h.watch != nil, Now: h.options.Now, Progress: h.options.Progress, After: h.options.After, Workers: h.options.Workers,
		Logs: h.options.Logs,
	}
	if o.Leave = h.options.Leave; o.Leave == nil && (!h.parts.all || len(h.options.Window.Logs) > 0) {
		o.Leave = h.options.Window.Leaves
	}
	if h.behind.always {
		if err := h.behind.learn(ctx, inputs, o); err != nil {
			return stats, err
		}
	}
	var seen span
	stats.Stats, err = file.SpreadInputs(ctx, inputs, o, h.parts.open, func(done *part) error { return h.take(done, &stats, &seen, to) })
	stats.Begin, stats.End = seen.times()
	if err != nil {
		return stats, err
	}
	err = h.behind.judge(ctx, h.parts, inputs, o, func(hits []Hit, chain []correlate.Hit) error {
		if err := h.chain(chain); err != nil {
			return err
		}
		return h.tell(to, hits)
	})
	if err != nil {
		return stats, err
	}
	hits, err := chained(h.follow, h.parts.scopes, h.follow.End())
	if err != nil {
		return stats, fault.Wrap(fault.Internal, err, "sum up the correlations")
	}
	stats.Losses, stats.Sessions = h.follow.Losses(), h.behind.graph.Counts()
	return stats, h.tell(to, append(hits, h.watch.end()...))
}

// take takes what became of a part, one part after another.
func (h *Hunt) take(done *part, stats *Stats, seen *span, to Teller) error {
	defer h.parts.close(done)
	stats.Outside += done.outside
	seen.join(done.span)
	if err := done.Unread(to.Letter, to.Skipped); err != nil {
		return err
	}
	for _, g := range done.grants {
		h.behind.graph.Take(g)
	}
	n := done.fresh()
	stats.Duplicates += n.duplicates
	h.behind.keep(n.waiting)
	if err := h.chain(n.chain); err != nil {
		return err
	}
	return h.tell(to, append(n.hits, h.watch.take(done.events)...))
}

// chain takes what matches mean to correlations. What comes of it is told at the end, when it is final.
func (h *Hunt) chain(hits []correlate.Hit) error {
	if h.options.Keep != nil && len(hits) > 0 {
		return h.options.Keep(hits)
	}
	h.follow.Take(hits)
	return nil
}

func (h *Hunt) tell(to Teller, hits []Hit) error {
	if len(hits) == 0 {
		return nil
	}
	for i := range hits {
		hits[i].Behind = h.behind.words(hits[i])
	}
	return to.Hits(hits)
}
