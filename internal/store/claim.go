package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
	"jobzero/internal/store/db"
)

// Claim gives the right to work, or false: not pending, not due or somebody else's.
func (s *Store) Claim(ctx context.Context, ask flow.Ask) (flow.Claim, bool, error) {
	var row db.ClaimRow
	err := s.settle(ctx, func(t *Tx) (err error) {
		row, err = t.q.Claim(ctx, db.ClaimParams{
			Leg: ask.Leg, Ref: ask.Ref, Holder: ask.Holder,
			Now: stamp(ask.Now), Wall: stamp(ask.Wall), LeaseUntil: stamp(ask.Until),
		})
		if errors.Is(err, sql.ErrNoRows) {
			row, err = db.ClaimRow{}, nil
		}
		return err
	})
	if err != nil || row.Claimed == 0 {
		return flow.Claim{}, false, s.fail(err, "claim "+ask.Ref+" for "+ask.Leg)
	}
	return flow.Claim{
		Leg: ask.Leg, Ref: ask.Ref, Generation: row.Claimed, Attempts: int(row.Attempts), Holder: ask.Holder,
	}, true, nil
}

// Renew lengthens a lease; false means that it was lost.
func (s *Store) Renew(ctx context.Context, c flow.Claim, until time.Time) (bool, error) {
	var n int64
	err := s.settle(ctx, func(t *Tx) (err error) {
		n, err = t.q.Renew(ctx, db.RenewParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder, LeaseUntil: stamp(until)})
		return err
	})
	return n > 0, s.fail(err, "renew the claim on "+c.Ref)
}

// Finish ends a claim.
func (s *Store) Finish(ctx context.Context, c flow.Claim, o flow.Outcome) (flow.Ended, error) {
	n, more := int64(1), int64(1)
	err := s.settle(ctx, func(t *Tx) (err error) {
		if o.End != flow.Settle {
			n, err = t.finish(ctx, c, o)
			return err
		}
		more, err = t.q.Settle(ctx, db.SettleParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder})
		if n = 1; errors.Is(err, sql.ErrNoRows) {
			n, err = 0, nil
		}
		return err
	})
	err = s.fail(err, "finish "+c.Ref+" for "+c.Leg)
	return flow.Ended{Held: err == nil && n > 0, Pending: err == nil && n > 0 && more > 0}, err
}

// finish writes every end but Settle.
func (t *Tx) finish(ctx context.Context, c flow.Claim, o flow.Outcome) (int64, error) {
	text := cut(o.Error, errorText)
	switch o.End {
	case flow.LookAgain:
		return t.q.LookAgain(ctx, db.LookAgainParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder, DueAt: stamp(o.Due)})
	case flow.TryAgain:
		return t.q.TryAgain(ctx, db.TryAgainParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder, DueAt: stamp(o.Due), LastError: text})
	case flow.GiveUp:
		return t.q.GiveUp(ctx, db.GiveUpParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder, Wall: stamp(o.Wall), LastError: text})
	case flow.LetGo:
		return t.q.LetGo(ctx, db.LetGoParams{Leg: c.Leg, Ref: c.Ref, Holder: c.Holder})
	default:
		return 0, fault.New(fault.Internal, "work on %s cannot end with %q", c.Ref, o.End)
	}
}

// Lead takes or renews a lease of that name; false means that somebody else has it.
func (s *Store) Lead(ctx context.Context, name, holder string, wall, until time.Time) (bool, error) {
	n, err := s.count(ctx, "take lease "+name, func(t *Tx) (int64, error) {
		return t.q.TakeLease(ctx, db.TakeLeaseParams{Name: name, Holder: holder, EndsAt: stamp(until), Wall: stamp(wall)})
	})
	return n > 0, err
}

// Resign gives the lease back.
func (s *Store) Resign(ctx context.Context, name, holder string) error {
	err := s.Update(ctx, func(t *Tx) error {
		return t.q.DropLease(ctx, db.DropLeaseParams{Name: name, Holder: holder})
	})
	return s.fail(err, "give back lease "+name)
}
