package app

import (
	"context"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

const (
	// mostLacking is how many events of one gap are known by their names, and keepLacking for how long: SQS keeps a message for 14
	// days, and so long S3's word can still come. What is beyond that is only counted, and its gap does not close by itself.
	mostLacking = 10_000
	keepLacking = 30 * 24 * time.Hour
	examples    = 5
)

// tellGaps says what S3 lacks, and of which gaps nothing is left.
func (h *House) tellGaps(ctx context.Context, now time.Time) error {
	known, gaps, err := h.readGaps(ctx)
	if err != nil {
		return err
	}
	dropped := false
	for _, g := range gaps { // what a person has closed is dealt with
		if f := known[g.Fingerprint()]; f.State == finding.Done && !f.Settled.IsZero() {
			err := h.store.Update(ctx, func(tx storeTx) error { _, err := tx.DropGap(ctx, g, f.Settled); return err })
			if err != nil {
				return err
			}
			dropped = true
		}
	}
	if dropped {
		if known, gaps, err = h.readGaps(ctx); err != nil {
			return err
		}
	}
	var holds, over []finding.Finding
	left := map[finding.Fingerprint]bool{}
	for i := range gaps {
		g := &gaps[i]
		if err := h.trimGap(ctx, g, now); err != nil {
			return err
		}
		left[g.Fingerprint()] = true
		f := g.Finding()
		holds = append(holds, f)
		h.tellOnce(known[f.Fingerprint], f)
	}
	for fp, f := range known {
		if !left[fp] && f.State != finding.Done {
			over = append(over, reconcile.Filled(f, now))
		}
	}
	return h.ourWord(ctx, now, holds, over)
}

// tellOnce counts a finding in the measures when it says something new.
func (h *House) tellOnce(known, f finding.Finding) {
	if known.Fingerprint == "" || f.Detected.After(known.LastSeen) {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
		h.log.Warn("the two ways of events differ", "finding", f.Title, "account", f.Account, "why", f.Why)
	}
}

// readGaps reads what S3 lacks, and what was said of it.
func (h *House) readGaps(ctx context.Context) (known map[finding.Fingerprint]finding.Finding, gaps []reconcile.Gap, err error) {
	err = h.store.View(ctx, func(tx storeTx) error {
		if known, err = believed(ctx, tx, reconcile.ByGap); err != nil {
			return err
		}
		gaps, err = tx.Gaps(ctx)
		return err
	})
	return known, gaps, err
}

// trimGap keeps the names of a gap within bounds, and gives it its examples.
func (h *House) trimGap(ctx context.Context, g *reconcile.Gap, now time.Time) error {
	for {
		counted := 0
		err := h.store.Update(ctx, func(tx storeTx) error {
			counted, g.Examples = 0, nil
			first, err := tx.LackingSights(ctx, g.Account, g.Region, atOneTime)
			if err != nil {
				return err
			}
			for _, x := range first {
				if g.Events-counted <= mostLacking && now.Sub(x.Told) <= keepLacking {
					break
				}
				if err := tx.CountSight(ctx, x); err != nil {
					return err
				}
				counted++
			}
			g.Examples = first[:min(examples, len(first))]
			return nil
		})
		if err != nil {
			return fault.Wrap(fault.CodeOf(err), err, "count what S3 lacks of %s in %s", g.Account, g.Region)
		}
		g.Events, g.Beyond = g.Events-counted, g.Beyond+counted
		if counted < atOneTime {
			return nil
		}
	}
}

// tellMissed judges, for each account and region, the last day of which everything has come that can.
func (h *House) tellMissed(ctx context.Context, now time.Time) error {
	var (
		tallies []reconcile.Tally
		known   map[finding.Fingerprint]finding.Finding
		until   time.Time
	)
	err := h.store.View(ctx, func(tx storeTx) error {
		awake, err := tx.Awake(ctx)
		if err != nil {
			return err
		}
		// A copy counts when it comes within after, and is settled when as much has passed again.
		until = awake.Back(now, 2*h.config.Reconcile.After+2*reconcileEvery)
		if known, err = believed(ctx, tx, reconcile.ByMissed); err != nil {
			return err
		}
		tallies, err = tx.Tallies(ctx, reconcile.Day(now.Add(-8*24*time.Hour)))
		return err
	})
	if err != nil {
		return err
	}
	newest := map[finding.Fingerprint]reconcile.Tally{}
	for _, t := range tallies { // the later days come later
		if t.Comparable() > 0 && !t.Day.Add(24*time.Hour).After(until) {
			newest[t.Fingerprint()] = t
		}
	}
	var holds, over []finding.Finding
	for fp, t := range newest {
		f, told := known[fp]
		switch {
		case t.Lossy(h.config.Reconcile.Missed):
			holds = append(holds, t.Finding())
			h.tellOnce(f, t.Finding())
		case told && f.State != finding.Done && t.Telling():
			over = append(over, t.Kept(f))
		}
	}
	return h.ourWord(ctx, now, holds, over)
}
