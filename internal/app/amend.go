package app

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/store"
)

// NewChangeID names a change of a rota.
func NewChangeID(now time.Time) string { return newULID(now) }

// Amend changes a rota: what makes the change sees the plan as it is, and what it refuses is not kept. Whoever is asked to take duty over follows
// the plan.
func (w Watch) Amend(ctx context.Context, tx *store.Tx, rota string, now time.Time, change func(*oncall.Plan) (oncall.Change, error)) (oncall.Change, error) {
	p, err := w.Plan(ctx, tx, rota, now, now)
	if err != nil {
		return oncall.Change{}, err
	}
	c, err := change(p)
	if err != nil {
		return oncall.Change{}, err
	}
	if err := tx.AddChange(ctx, c); err != nil {
		return oncall.Change{}, err
	}
	return c, w.wake(ctx, tx, now)
}

// Leave keeps that somebody is away, where every rota in which he has turns can do without him.
func (w Watch) Leave(ctx context.Context, tx *store.Tx, person string, now time.Time, change func(*oncall.Plan) (oncall.Change, error)) (c oncall.Change, err error) {
	found := false
	for _, name := range w.Rotas.Rotas() {
		p, err := w.Plan(ctx, tx, name, now, now)
		if err != nil {
			return c, err
		}
		if p.Site(person) == "" {
			continue
		}
		if found = true; c.ID != "" {
			_, err = change(p) // the same leave: only whether this rota can do without him
		} else {
			c, err = change(p)
		}
		if err != nil {
			return c, err
		}
	}
	if !found {
		return c, fault.New(fault.NotFound, "%s has turns in no rota", person)
	}
	if err := tx.AddChange(ctx, c); err != nil {
		return c, err
	}
	return c, w.wake(ctx, tx, now)
}

// wake has the handoffs of all rotas looked at, and all rotas proved.
func (w Watch) wake(ctx context.Context, tx *store.Tx, now time.Time) error {
	for _, name := range w.Rotas.Rotas() {
		if err := tx.Enqueue(ctx, legHandoff, name, now); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, legRota, name, now); err != nil {
			return err
		}
	}
	return nil
}
