package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/detect/reconcile"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

const (
	legReconcile = "reconcile" // ref: what is looked at
	bothWays     = "both-ways"
	silences     = "silences"

	reconcileEvery = time.Hour
	// atOneTime is how many events are settled in one transaction, and turns how many transactions there are in one call.
	atOneTime, turns = 500, 200
	// copies is for how long past the setting an event that both ways have brought is still known: processes' clocks differ, and a
	// copy may be in somebody's hand.
	copies = time.Hour
	// keepHeard is how long it is known what was heard and counted.
	keepHeard = 35 * 24 * time.Hour
)

// planReconcile has the two ways looked at from now on.
func (h *House) planReconcile(ctx context.Context) error {
	var all []error
	if h.config.Compares() {
		all = append(all, h.later(ctx, legReconcile, bothWays, 0))
	}
	if h.config.Reconcile.Silence > 0 {
		all = append(all, h.later(ctx, legReconcile, silences, 0))
	}
	if len(h.config.Sources.S3) > 0 {
		all = append(all, h.later(ctx, legReconcile, ownTrail, 0))
	}
	return errors.Join(append(all, h.later(ctx, legReconcile, ownCalls, 0))...)
}

// reconcile is the durable leg that says, once an hour, what one way has not brought and which way is silent; and what of our own calls is on one
// side only.
func (h *House) reconcile(ctx context.Context, ref string) (time.Time, error) {
	now := h.clock.Now()
	switch {
	case ref == bothWays && h.config.Compares():
		more, err := h.settleSights(ctx, now)
		if err == nil && !more {
			err = errors.Join(h.tellGaps(ctx, now), h.tellMissed(ctx, now))
		}
		if err != nil || more {
			return now, err
		}
	case ref == silences && h.config.Reconcile.Silence > 0:
		if err := h.tellSilences(ctx, now); err != nil {
			return time.Time{}, err
		}
	case ref == ownCalls:
		return h.judgeOurs(ctx, now)
	case ref == ownTrail:
		if err := h.tellLacking(ctx, now); err != nil {
			return time.Time{}, err
		}
	case ref == bothWays || ref == silences:
		return time.Time{}, nil // it was switched off
	default:
		return time.Time{}, fault.New(fault.Invalid, "reconcile %q: want %s, %s, %s or %s", ref, bothWays, silences, ownCalls, ownTrail)
	}
	return now.Add(reconcileEvery), nil
}

// settleSights goes through the events for which the waiting is over. more says that there are still some.
func (h *House) settleSights(ctx context.Context, now time.Time) (more bool, err error) {
	for range turns {
		var s settled
		err := h.store.Update(ctx, func(tx storeTx) error {
			s = settled{} // the transaction may be tried again
			return s.settle(ctx, tx, now, h.config.Reconcile.After, h.compares.line())
		})
		if err != nil {
			return false, err
		}
		h.metrics.Compared(matched, s.sum.Matched)
		h.metrics.Compared(missedLive, s.sum.Missed)
		h.metrics.Compared(lackingInS3, s.sum.Lacking)
		if s.rows < atOneTime {
			return false, nil
		}
	}
	return true, nil
}

// line is the line of numbers of this process.
func (w *comparing) line() int {
	w.Lock()
	defer w.Unlock()
	return w.teller
}

// settled is what one transaction has settled.
type settled struct {
	rows    int // of the larger of its two lists
	sum     reconcile.Tally
	tallies []reconcile.Tally
}

// settle counts what both ways have brought, and what only S3 has, and forgets them; what only EventBridge has brought stays as
// a part of a gap. The waiting is counted in times in which somebody listened: while nobody does, nothing can come.
func (s *settled) settle(ctx context.Context, tx storeTx, now time.Time, after time.Duration, line int) error {
	awake, err := tx.Awake(ctx)
	if err != nil {
		return err
	}
	whole, err := tx.WholeSights(ctx, now.Add(-after-copies), atOneTime)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingSights(ctx, awake.Back(now, after), atOneTime)
	if err != nil {
		return err
	}
	s.rows = max(len(whole), len(waiting))
	for _, x := range whole {
		t := reconcile.Tally{Matched: 1}
		if !x.Told.IsZero() {
			t.Lacking = -1 // S3 has brought it after all
		}
		s.add(x, t)
		if err := tx.DropSight(ctx, x); err != nil {
			return err
		}
	}
	for _, x := range waiting {
		if x.Ways == reconcile.Stored {
			s.add(x, reconcile.Tally{Missed: 1})
			err = tx.DropSight(ctx, x)
		} else {
			x.Told = now
			s.add(x, reconcile.Tally{Lacking: 1})
			err = tx.TellSight(ctx, x)
		}
		if err != nil {
			return err
		}
	}
	for _, t := range s.tallies {
		if err := tx.AddTally(ctx, line, t); err != nil {
			return err
		}
	}
	return nil
}

// add counts an event for its day.
func (s *settled) add(x reconcile.Sight, t reconcile.Tally) {
	s.sum.Add(t)
	t.Account, t.Region, t.Day = x.Account, x.Region, reconcile.Day(x.At)
	i := slices.IndexFunc(s.tallies, func(o reconcile.Tally) bool {
		return o.Account == t.Account && o.Region == t.Region && o.Day.Equal(t.Day)
	})
	if i < 0 {
		s.tallies = append(s.tallies, t)
		return
	}
	s.tallies[i].Add(t)
}

// ourWord writes down what the house itself believes and believes no more, some at a time.
func (h *House) ourWord(ctx context.Context, now time.Time, holds, over []finding.Finding) error {
	const batch = 100 // a transaction each
	all := make([]triage.Heard, 0, len(holds)+len(over))
	for _, f := range holds {
		all = append(all, triage.Heard{Finding: f})
	}
	for _, f := range over {
		all = append(all, triage.Heard{Finding: f, Settled: true})
	}
	for part := range slices.Chunk(all, batch) {
		if err := h.triager.Hear(ctx, part, now); err != nil {
			return err
		}
	}
	return nil
}

// believed are the findings that the house itself has made under a name, by fingerprint.
func believed(ctx context.Context, tx *store.Tx, by string) (map[finding.Fingerprint]finding.Finding, error) {
	all, err := tx.Findings(ctx, finding.Filter{By: by})
	out := make(map[finding.Fingerprint]finding.Finding, len(all))
	for _, f := range all {
		out[f.Fingerprint] = f
	}
	return out, err
}

// queueOf are the queues of a way.
func queuesOf(c config.Config, way reconcile.Ways) []config.Queue {
	if way == reconcile.Live {
		return c.Sources.EventBridge
	}
	return c.Sources.S3
}
