package app

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/inventory"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

// Intake writes down what follows from events. The house uses it for what sources bring, the command line for dead letters
// that are replayed.
type Intake struct {
	Store   *store.Store
	Know    *Knowledge
	Triager *triage.Triager
	// Known says whether an account is ours to read. An event may name a resource of somebody else's account, such as their
	// bucket that one of ours wrote to: that is theirs to judge.
	Known func(account string) bool
}

// Take judges events and commits what follows: findings, hits for correlations, and work for the inventory where a resource was touched or a whole
// list of them may have changed. also, when it is not nil, is part of the last transaction. Taking the same event twice is once.
func (in Intake) Take(ctx context.Context, events []*event.Event, now time.Time, also func(*store.Tx) error) ([]finding.Finding, error) {
	var (
		found   []finding.Finding
		touched []event.Touch
		swept   []inventory.Place
		hits    []correlate.Hit
	)
	for _, e := range events {
		matches := in.Know.Scopes.Matches(in.Know.Engine.Detect(e.Record()), e.Account)
		hits = append(hits, in.Know.hits(e, matches)...)
		for _, m := range matches {
			if !in.Know.Follow.Silent(m.Rule.ID) {
				found = append(found, detect.Finding(e, m, now))
			}
		}
		for _, ref := range inventory.Affected(e) {
			if ref.Account == e.Account || in.Known(ref.Account) {
				touched = append(touched, event.TouchOf(e, ref.Key(), now))
			}
		}
		swept = append(swept, inventory.Swept(e)...)
	}
	if err := in.Triager.Report(ctx, found, now); err != nil {
		return nil, fmt.Errorf("write findings down: %w", err)
	}
	if len(touched)+len(swept)+len(hits) == 0 && also == nil {
		return found, nil
	}
	return found, in.Store.Update(ctx, func(tx *store.Tx) error {
		for _, t := range touched {
			if err := tx.SaveTouch(ctx, t); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, legInventory, t.Resource, now); err != nil {
				return err
			}
		}
		for _, p := range swept {
			if err := tx.Enqueue(ctx, legSweep, sweepRef(p), now); err != nil {
				return err
			}
		}
		if err := in.Know.addHits(ctx, tx, hits, now); err != nil || also == nil {
			return err
		}
		return also(tx)
	})
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
	in := Intake{Store: h.store, Know: h.knowledge.Load(), Triager: h.triager, Known: h.config.Knows}
	found, err := in.Take(ctx, fresh, h.clock.Now(), h.progress(ctx, queue, events))
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
	return nil
}
