package app

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/ours"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/inventory"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// Intake writes down what follows from events. The house uses it for what sources bring, the command line for dead letters
// that are replayed.
type Intake struct {
	Store   *store.Store
	Know    *Knowledge
	Triager *triage.Triager
	// Sessions says who is behind events; nil: nobody knows.
	Sessions *Sessions
	// Known says whether an account is ours to read. An event may name a resource of somebody else's account, such as their
	// bucket that one of ours wrote to: that is theirs to judge.
	Known func(account string) bool
	// Reads says whether there is a reader for a type; nil: for all. What nobody can read is not written down to be read.
	Reads func(resource.Type) bool
	// Habits has events kept for baselines.
	Habits bool
	// Reused says which credentials are at work that software has shut; nil: nobody looks.
	Reused *Reused
	// Deeds has who did what kept for the ledger; nil: it is not.
	Deeds *Deeds
	// Ours are the roles whose writing calls have to be in our own log, and After how long they wait for it.
	Ours  ours.Names
	After time.Duration
}

// following is what follows from events.
type following struct {
	found   []finding.Finding
	touched []event.Touch
	swept   []inventory.Place
	learnt  []lineage.Row
	hits    []correlate.Hit // for correlations
	briefs  []baseline.Brief
	deeds   []used
	sheaf   []byte // for the ledger
	ours    []ours.Call
}

// used is what was done in a session of break-glass.
type used struct {
	glass glass.ID
	deed  glass.Deed
}

// Take judges events and commits what follows: findings, hits for correlations, work for the inventory where a resource was
// touched or a whole list of them may have changed, and who is behind which session. also, when it is not nil, is part of the
// transaction. Taking the same event twice is once.
func (in Intake) Take(ctx context.Context, events []*event.Event, now time.Time, also func(*store.Tx) error) ([]finding.Finding, error) {
	var f following
	late, err := in.learn(ctx, events, &f, now)
	if err != nil {
		return nil, err
	}
	found := in.again(late, &f, now)
	for _, e := range events {
		found = append(found, in.judge(in.Know.Engine, e, &f, now)...)
		for _, ref := range inventory.Affected(e) {
			if in.reads(ref.Type) && (ref.Account == e.Account || in.Known(ref.Account)) {
				f.touched = append(f.touched, event.TouchOf(e, ref.Key(), now))
			}
		}
		f.swept = append(f.swept, inventory.Swept(e)...)
		if id, deed, ok := glass.Seen(e); ok {
			f.deeds = append(f.deeds, used{id, deed})
		}
		if c, ok := in.Ours.Of(e, now); ok && in.Known(c.Of) {
			f.ours = append(f.ours, c)
		}
	}
	if in.Reused != nil {
		var again []finding.Finding
		again, err = in.Reused.find(ctx, in.Store, in.Sessions, events, now)
		found = append(found, again...)
	}
	if in.Habits && err == nil {
		f.briefs, err = baseline.Briefs(events, now)
	}
	if in.Deeds != nil && err == nil {
		f.sheaf, err = in.Deeds.sheaf(events)
	}
	if err != nil {
		in.putBack(late, now)
		return nil, err
	}
	f.found = found
	if err := in.commit(ctx, f, now, also); err != nil {
		in.putBack(late, now)
		return nil, err
	}
	return found, nil
}

func (in Intake) reads(t resource.Type) bool { return in.Reads == nil || in.Reads(t) }

// commit writes down what follows, in one transaction: a ticket does not close before what an event has touched is read again, which is
// to be seen as soon as the event's finding is.
func (in Intake) commit(ctx context.Context, f following, now time.Time, also func(*store.Tx) error) error {
	if len(f.found)+len(f.touched)+len(f.swept)+len(f.learnt)+len(f.hits)+len(f.briefs)+len(f.deeds)+len(f.sheaf)+len(f.ours) == 0 && also == nil {
		return nil
	}
	err := in.Store.Update(ctx, func(tx *store.Tx) error {
		if err := in.Triager.ReportIn(ctx, tx, f.found, now); err != nil {
			return fmt.Errorf("write findings down: %w", err)
		}
		if err := tx.SaveSessions(ctx, f.learnt, now); err != nil {
			return err
		}
		for _, t := range f.touched {
			if err := tx.SaveTouch(ctx, t); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, legInventory, t.Resource, now); err != nil {
				return err
			}
		}
		for _, p := range f.swept {
			if err := tx.RestartSweep(ctx, sweepRef(p)); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, legSweep, sweepRef(p), now); err != nil {
				return err
			}
		}
		if err := tx.AddBriefs(ctx, f.briefs); err != nil {
			return err
		}
		for _, u := range f.deeds {
			if err := tx.SaveDeed(ctx, u.glass, u.deed); err != nil {
				return err
			}
		}
		if err := tx.AddSheaf(ctx, f.sheaf, now); err != nil {
			return err
		}
		if err := in.addOurs(ctx, tx, f.ours, now); err != nil {
			return err
		}
		if err := in.Know.addHits(ctx, tx, f.hits, now); err != nil || also == nil {
			return err
		}
		return also(tx)
	})
	if err == nil && in.Sessions != nil {
		in.Sessions.graph.Saved(f.learnt)
	}
	return err
}

// addOurs has calls of ours held against the log when that has had its time.
func (in Intake) addOurs(ctx context.Context, tx *store.Tx, all []ours.Call, now time.Time) error {
	for _, c := range all {
		if err := tx.AddOurCall(ctx, c); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	return tx.Enqueue(ctx, legReconcile, ownCalls, now.Add(in.After))
}

// learn takes what events say of sessions, and gives the events of which more is known now.
func (in Intake) learn(ctx context.Context, events []*event.Event, f *following, now time.Time) (late []waiter, err error) {
	if in.Sessions == nil {
		return nil, nil
	}
	if err := in.Sessions.learn(ctx, in.Store, events, now); err != nil {
		return nil, err
	}
	if f.learnt, err = in.Sessions.graph.Dirty(); err != nil {
		return nil, err
	}
	return in.Sessions.waiting.ready(in.Sessions.graph, now), nil
}

// again judges events that have waited. A finding that they had given before is counted once.
func (in Intake) again(late []waiter, f *following, now time.Time) (found []finding.Finding) {
	for _, x := range late {
		found = append(found, in.judge(in.Sessions.waiting.judges(), x.event, f, now)...)
	}
	return found
}

// putBack has events wait that were to be judged again, when that could not be written down.
func (in Intake) putBack(late []waiter, now time.Time) {
	for _, x := range late {
		in.Sessions.waiting.put(x, now)
	}
}

// judge gives the findings of an event, each with who was behind it, and notes what its matches mean to correlations.
func (in Intake) judge(engine detect.Engine, e *event.Event, f *following, now time.Time) (found []finding.Finding) {
	if in.Sessions != nil {
		in.Sessions.waiting.add(in.Sessions.graph, e, now)
	}
	matches := in.Know.Scopes.Matches(engine.Detect(e.Record()), e)
	f.hits = append(f.hits, in.Know.hits(e, matches)...)
	for _, m := range matches {
		if in.Know.Follow.Silent(m.Rule.ID) {
			continue
		}
		x := detect.Finding(e, m, now)
		if in.Sessions != nil {
			if who, ok := in.Sessions.behind(e); ok {
				x.Evidence = append(x.Evidence, who)
			}
			if x.Credential == nil {
				x.Credential = in.Sessions.key(e)
			}
		}
		found = append(found, x)
	}
	return found
}

func (h *House) intake() Intake {
	return Intake{
		Store: h.store, Know: h.knowledge.Load(), Triager: h.triager, Sessions: h.sessions, Known: h.config.Knows,
		Reads: h.inventory.Reads, Habits: h.config.Baselines.Mode != config.Off, Deeds: h.deeds, Reused: h.reused,
		Ours: Ours(h.config), After: h.config.Audit.After,
	}
}

// detect is what sources hand their events to. When it returns nil everything that follows is committed, and the source may
// acknowledge.
func (h *House) detect(ctx context.Context, queue string, events []*event.Event) error {
	var fresh []*event.Event
	for _, e := range events {
		if h.window.Seen(e.Key()) {
			h.metrics.Duplicate(e.Origin.Source)
			continue
		}
		fresh = append(fresh, e)
	}
	now := h.clock.Now()
	compared, err := h.compare(ctx, events, now) // duplicates too: the copy by the other way is the proof
	if err != nil {
		return err
	}
	in := h.intake()
	found, err := in.Take(ctx, fresh, now, also(h.progress(ctx, queue, events), h.overheard(ctx, events, now), compared.saving(ctx)))
	if err != nil {
		return err
	}
	for _, e := range fresh {
		h.window.Mark(e.Key()) // only now: a batch that failed comes again and must not be taken for a duplicate
		h.metrics.Event(e.Origin.Source)
	}
	for _, f := range found {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
	}
	h.metrics.Compared(notCompared, compared.passed())
	return nil
}
