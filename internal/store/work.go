package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/store/db"
)

// Enqueue says that a leg must look at the thing named ref, not before due (at once when zero). It is a part of the
// transaction: the wake-up is there if and only if the change is. What waits already keeps the earlier instant.
func (t *Tx) Enqueue(ctx context.Context, leg, ref string, due time.Time) error {
	if leg == "" || ref == "" || column(ref) != ref || column(leg) != leg {
		return fault.New(fault.Invalid, "enqueue %q for leg %q: a name is 1 to %d bytes of UTF-8", cut(ref, 80), cut(leg, 80), widest)
	}
	err := t.q.Enqueue(ctx, db.EnqueueParams{Leg: leg, Ref: ref, DueAt: stamp(due)})
	t.woke = t.woke || err == nil
	return t.s.fail(err, "enqueue "+ref+" for "+leg)
}

// Waits reports whether a leg has yet to do, or is doing, what was due for the thing named ref by some time. What failed and is due
// later, or was given up, waits no more.
func (t *Tx) Waits(ctx context.Context, leg, ref string, by time.Time) (bool, error) {
	n, err := t.q.Waits(ctx, db.WaitsParams{Leg: leg, Ref: ref, By: stamp(by)})
	return n > 0, t.s.fail(err, "look whether "+ref+" waits for "+leg)
}

// Store is flow's Book.
var _ flow.Book = (*Store)(nil)

// NextDue is when the earliest unsent thing is due, false when there is none.
func (s *Store) NextDue(ctx context.Context, wall time.Time) (time.Time, bool, error) {
	us, err := s.reader().NextDue(ctx, stamp(wall))
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return instant(us), err == nil, s.fail(err, "look for due work")
}

// Underway counts the hints sent and not yet taken, by leg.
func (s *Store) Underway(ctx context.Context) (map[string]int, error) {
	rows, err := s.reader().Underway(ctx)
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Leg] = int(r.Hints)
	}
	return out, s.fail(err, "count hints under way")
}

// Unsent lists due things of a leg that no hint is on its way for, the longest due first.
func (s *Store) Unsent(ctx context.Context, leg string, now, wall time.Time, limit int) ([]flow.Hint, error) {
	rows, err := s.reader().Unsent(ctx, db.UnsentParams{Leg: leg, Now: stamp(now), Wall: stamp(wall), Most: most(limit)})
	out := make([]flow.Hint, len(rows))
	for i, r := range rows {
		out[i] = flow.Hint{Leg: r.Leg, Ref: r.Ref, Generation: r.Generation, Sends: r.Sends, Resends: int(r.Resends)}
	}
	return out, s.fail(err, "list due work")
}

// MarkSent records hints as sent, unless their rows have moved on; again says when each counts as lost.
func (s *Store) MarkSent(ctx context.Context, hints []flow.Hint, wall time.Time, again func(flow.Hint) time.Time) error {
	for some := range slices.Chunk(hints, markedAtOnce) {
		if err := s.settle(ctx, func(t *Tx) error { return t.markSent(ctx, some, wall, again) }); err != nil {
			return err
		}
	}
	return nil
}

// markedAtOnce is how many hints are marked in one transaction: it keeps their rows from the workers meanwhile.
const markedAtOnce = 64

func (t *Tx) markSent(ctx context.Context, hints []flow.Hint, wall time.Time, again func(flow.Hint) time.Time) error {
	for _, h := range hints {
		err := t.q.MarkSent(ctx, db.MarkSentParams{
			Wall: stamp(wall), ResendAt: stamp(again(h)), Leg: h.Leg, Ref: h.Ref, Generation: h.Generation, Sends: h.Sends,
		})
		if err != nil {
			return t.s.fail(err, "mark hints as sent")
		}
	}
	return nil
}

// Unsend makes things unsent again whose hints count as lost, and counts them.
func (s *Store) Unsend(ctx context.Context, wall time.Time) (int, error) {
	n, err := s.reader().Overdue(ctx, stamp(wall)) // mostly there are none, and then nobody need be kept from writing
	if err != nil || n == 0 {
		return 0, s.fail(err, "look for lost hints")
	}
	return s.count(ctx, "look for lost hints", func(t *Tx) (int64, error) { return t.q.Unsend(ctx, stamp(wall)) })
}

// Prune forgets things that were done and last due before.
func (s *Store) Prune(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget work that is done", func(t *Tx) (int64, error) { return t.q.Prune(ctx, stamp(before)) })
}

// ReleaseAll ends all leases, also the leader's, and makes everything pending unsent: for a start when no other process can be
// at work.
func (s *Store) ReleaseAll(ctx context.Context) (int, error) {
	return s.count(ctx, "release all work", func(t *Tx) (int64, error) {
		if err := t.q.DropLeases(ctx); err != nil {
			return 0, err
		}
		return t.q.ReleaseAll(ctx)
	})
}

func (s *Store) count(ctx context.Context, doing string, f func(*Tx) (int64, error)) (n int, err error) {
	err = s.Update(ctx, func(t *Tx) error {
		rows, err := f(t)
		n = int(rows)
		return err
	})
	return n, s.fail(err, doing)
}

// Backlog says what waits, by leg.
func (s *Store) Backlog(ctx context.Context) ([]flow.Backlog, error) {
	rows, err := s.reader().Backlog(ctx)
	out := make([]flow.Backlog, len(rows))
	for i, r := range rows {
		out[i] = flow.Backlog{Leg: r.Leg, Pending: int(r.Pending), Poisoned: int(r.Poisoned)}
		if r.OldestDue != math.MaxInt64 {
			out[i].OldestDue = instant(r.OldestDue)
		}
	}
	return out, s.fail(err, "count what waits")
}

// Oldest is when the oldest due work of each leg was due that nobody is at work on.
func (s *Store) Oldest(ctx context.Context, now, wall time.Time) (map[string]time.Time, error) {
	rows, err := s.reader().Oldest(ctx, db.OldestParams{Now: stamp(now), Wall: stamp(wall)})
	out := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		out[r.Leg] = instant(r.DueAt)
	}
	return out, s.fail(err, "look how old what is due is")
}
