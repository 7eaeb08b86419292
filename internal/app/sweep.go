package app

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/expect/standing"
	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/triage"
)

const (
	// sweepBatch is how many resources one transaction writes down, so that a large account does not hold the database for long.
	sweepBatch = 200
	// sweepPace is how far apart the reads of one list are due: what an event has touched meanwhile does not wait behind all of it.
	sweepPace = 50 * time.Millisecond
	// sweepPatience is for lists of a million.
	sweepPatience = time.Hour
)

func (h *House) sweepLeg() flow.Leg {
	leg := flow.Via(legSweep, "accounts", h.sweep, "touched")
	leg.Patience = sweepPatience
	return leg
}

// planSweeps writes down which lists are to be read, and when: those that were never read, were cut off, or were read when other
// things were expected, now; the others when their turn comes.
func (h *House) planSweeps(ctx context.Context) error {
	if h.config.Sweep.Every <= 0 {
		return nil
	}
	now, judges := h.clock.Now(), h.judges(h.knowledge.Load())
	next, stop := iter.Pull(h.sweeps())
	defer stop()
	for {
		var refs []string
		for ref, ok := next(); ok; ref, ok = next() {
			if refs = append(refs, ref); len(refs) == sweepBatch {
				break
			}
		}
		if len(refs) == 0 {
			return nil
		}
		err := h.store.Update(ctx, func(tx storeTx) error {
			for _, ref := range refs {
				s, err := tx.SweepOf(ctx, ref)
				if err != nil {
					return err
				}
				due := now
				if !s.Done.IsZero() && !s.UnderWay() && s.Judges == judges {
					due = s.Done.Add(h.config.Sweep.Every)
				}
				if err := tx.Enqueue(ctx, legSweep, ref, due); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// sweptTypes are the types that are swept.
func (h *House) sweptTypes() []resource.Type {
	if len(h.config.Sweep.Types) > 0 {
		return h.config.Sweep.Types
	}
	return h.inventory.Types()
}

// sweeps gives account|region|type for everything that the configuration has swept. Global types are read once an account.
func (h *House) sweeps() iter.Seq[string] {
	return func(yield func(string) bool) {
		types := h.sweptTypes()
		for _, a := range h.config.Accounts {
			for _, t := range types {
				for _, region := range regionsOf(a, t) {
					if !yield(sweepRef(inventory.Place{Account: a.ID, Region: region, Type: t})) {
						return
					}
				}
			}
		}
	}
}

// swept reports whether the configuration has a list swept.
func (h *House) swept(p inventory.Place) bool {
	return h.config.Sweep.Every > 0 && slices.Contains(h.sweptTypes(), p.Type) &&
		slices.ContainsFunc(h.config.Accounts, func(a config.Account) bool {
			return a.ID == p.Account && slices.Contains(regionsOf(a, p.Type), p.Region)
		})
}

func regionsOf(a config.Account, t resource.Type) []string {
	if t.Global() {
		return []string{""}
	}
	return a.Regions
}

// sweep is the durable leg that lists what exists and has each of it read again: when its turn comes, or because an event
// changed what all of it depends on. One that was cut off goes on where it was. What a complete list does not have any more is read
// again too. Accounts that were taken out of the configuration are not swept any more.
func (h *House) sweep(ctx context.Context, ref string) (time.Time, error) {
	place, err := parseSweep(ref)
	if err != nil || !h.config.Knows(place.Account) {
		return time.Time{}, err
	}
	s, before, err := h.beginSweep(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	pace := sweepPace
	if before > 0 {
		pace = min(pace, h.config.Sweep.Every/2/time.Duration(before))
	}
	err = h.inventory.Pages(ctx, place, s.Cursor, func(part []resource.Ref, next string) error {
		return h.listed(ctx, &s, pace, part, next)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("list %s: %w", ref, err)
	}
	if err := h.missed(ctx, place, s.Began); err != nil {
		return time.Time{}, err
	}
	return h.endSweep(ctx, place, s)
}

// beginSweep begins a sweep, or takes up the one that was cut off. before is how long the list was the last time.
func (h *House) beginSweep(ctx context.Context, ref string) (s standing.Sweep, before int, err error) {
	now, judges := h.clock.Now(), h.judges(h.knowledge.Load())
	err = h.store.Update(ctx, func(tx storeTx) error {
		if s, err = tx.SweepOf(ctx, ref); err != nil || s.UnderWay() {
			return err
		}
		before = s.Listed
		s = standing.Sweep{Place: ref, Began: now, Done: s.Done, Judges: judges}
		return tx.SaveSweep(ctx, s)
	})
	return s, before, err
}

// listed has a part of a list read again, and keeps how far the sweep is.
func (h *House) listed(ctx context.Context, s *standing.Sweep, pace time.Duration, part []resource.Ref, next string) error {
	for rest := part; len(rest) > 0; rest = rest[min(sweepBatch, len(rest)):] {
		batch := rest[:min(sweepBatch, len(rest))]
		after := *s
		err := h.store.Update(ctx, func(tx storeTx) error {
			after = *s
			now := h.clock.Now()
			for _, r := range batch {
				due := s.Began.Add(time.Duration(after.Listed) * pace)
				if due.Before(now) {
					due = now
				}
				if err := tx.Enqueue(ctx, legInventory, r.Key(), due); err != nil {
					return err
				}
				if err := tx.ListStanding(ctx, r.Key(), s.Began); err != nil {
					return err
				}
				after.Listed++
			}
			if len(batch) == len(rest) && next != "" {
				after.Cursor = next
			}
			return tx.SaveSweep(ctx, after)
		})
		if err != nil {
			return err
		}
		*s = after
	}
	return nil
}

// missed has read again what was there and is listed no more.
func (h *House) missed(ctx context.Context, p inventory.Place, began time.Time) error {
	of := resource.Ref{Type: p.Type, Account: p.Account, Region: p.Region}
	for after := ""; ; {
		var keys []string
		err := h.store.Update(ctx, func(tx storeTx) (err error) {
			if keys, err = tx.StandingsMissed(ctx, of, after, began, sweepBatch); err != nil {
				return err
			}
			for _, key := range keys {
				if err := tx.Enqueue(ctx, legInventory, key, h.clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(keys) < sweepBatch {
			return err
		}
		after = keys[len(keys)-1]
	}
}

// endSweep writes down that a list was read to its end, and says when it is read again.
func (h *House) endSweep(ctx context.Context, p inventory.Place, s standing.Sweep) (time.Time, error) {
	now := h.clock.Now()
	s.Done, s.Cursor = now, ""
	err := h.store.Update(ctx, func(tx *store.Tx) error {
		if err := h.triager.JudgedIn(ctx, tx, triage.Judgement{What: s.Place}, now); err != nil { // the list itself could be read
			return err
		}
		if err := tx.Enqueue(ctx, legUpkeep, scores, now.Add(settleScores)); err != nil {
			return err
		}
		return tx.SaveSweep(ctx, s)
	})
	switch {
	case err != nil || !h.swept(p):
		return time.Time{}, err
	case s.Judges != h.judges(h.knowledge.Load()): // other things are expected since it began
		return now, nil
	default:
		return now.Add(h.config.Sweep.Every), nil
	}
}

// sweepRef names a list of resources.
func sweepRef(p inventory.Place) string {
	return strings.Join([]string{p.Account, p.Region, string(p.Type)}, "|")
}

// parseSweep reads what sweepRef wrote.
func parseSweep(ref string) (inventory.Place, error) {
	part := strings.SplitN(ref, "|", 3)
	if len(part) != 3 {
		return inventory.Place{}, fault.New(fault.Invalid, "sweep %q: want account|region|type", ref)
	}
	return inventory.Place{Account: part[0], Region: part[1], Type: resource.Type(part[2])}, nil
}
