package hunt

import (
	"context"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
)

// grantsAtOnce is how many sessions a part of the first reading has.
const grantsAtOnce = 8192

// lateBytes is how much of the input is kept for rules that ask who is behind an event. What does not fit is read again.
const lateBytes = 64 << 20

// behind finds who is behind events. A replay reads in no order of time, so that only at its end all sessions are known: rules
// that ask are judged then, on the few records that they may fire on.
type behind struct {
	graph   *lineage.Graph
	foresee *sigma.Foresight // nil: no rule asks
	late    detect.Engine    // of the rules that ask
	always  bool             // every finding says it: the sessions are learnt first, by a reading of their own
	kept    []*event.Event
	bytes   int
	over    bool // more than may be kept
}

// newBehind parts the rules in those that are judged at once and those that wait.
func newBehind(set sigma.Set, o Options) (b *behind, now detect.Engine) {
	b = &behind{graph: lineage.New(lineage.Options{}), always: o.Lineage}
	engine := sigma.NewEngineWith
	if o.Silent {
		engine = sigma.NewSilentEngine
	}
	asking, others := set.ByLineage()
	switch {
	case b.always:
		return b, engine(set.Rules, b.graph)
	case len(asking) > 0:
		b.foresee, b.late = sigma.NewForesight(asking), engine(asking, b.graph)
	}
	return b, engine(others, nil)
}

// keep keeps events until everything is known.
func (b *behind) keep(events []*event.Event) {
	for _, e := range events {
		if b.bytes += len(e.Raw); b.bytes > lateBytes {
			b.over, b.kept = true, nil
			return
		}
		b.kept = append(b.kept, e)
	}
}

// words says who was behind an event; nothing where nobody asked for it or the record does not say.
func (b *behind) words(h Hit) string {
	if h.Behind != "" || h.Story != nil || !b.always && !h.late {
		return h.Behind
	}
	l, ok := b.graph.Resolve(h.Event.Record())
	if !ok {
		return ""
	}
	return l.Words()
}

// learner reads records for what they say of sessions and leaves everything else to the reading that follows.
type learner struct{ grants []*lineage.Grant }

// Record takes what a record says.
func (l *learner) Record(r *event.Record, _ event.Origin) error {
	if g := lineage.Read(r); g != nil {
		l.grants = append(l.grants, g)
	}
	return nil
}

// Event takes what an event says.
func (l *learner) Event(e *event.Event) error { return l.Record(e.Record(), e.Origin) }

// DeadLetter is for the reading that follows.
func (*learner) DeadLetter(source.DeadLetter) error { return nil }

// Skipped is for the reading that follows.
func (*learner) Skipped(string, string) {}

// Full says that another learner shall go on.
func (l *learner) Full() bool { return len(l.grants) >= grantsAtOnce }

// learn reads everything once for the sessions.
func (b *behind) learn(ctx context.Context, inputs []file.Input, o file.Options) error {
	take := func(l *learner) error {
		for _, g := range l.grants {
			b.graph.Take(g)
		}
		return nil
	}
	_, err := file.SpreadInputs(ctx, inputs, o, func() *learner { return &learner{} }, take)
	return err
}

// judge runs the rules that waited, over what was kept or, when that was too much, over the whole input again. tell gets the
// findings, and the hits for correlations.
func (b *behind) judge(ctx context.Context, p *parts, inputs []file.Input, o file.Options, tell func([]Hit, []correlate.Hit) error) error {
	if b.late == nil {
		return nil
	}
	again := &parts{
		engine: func() detect.Engine { return b.late }, follow: p.follow, scopes: p.scopes, window: p.window, all: p.all,
		known: source.NewDedupe(0), late: true, behind: b, glimpse: p.glimpse,
	}
	take := func(done *part) error {
		defer again.close(done)
		f := done.fresh()
		return tell(f.hits, f.chain)
	}
	if b.over {
		_, err := file.SpreadInputs(ctx, inputs, o, again.open, take)
		return err
	}
	one := again.open()
	for _, e := range b.kept {
		if err := one.Event(e); err != nil {
			return err
		}
	}
	return take(one)
}
