package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/effect"
	"jobzero/internal/store/db"
)

// Brake gives a brake; one that was never set is off.
func (t *Tx) Brake(ctx context.Context, name string) (effect.Brake, error) {
	doc, err := t.q.Brake(ctx, column(name))
	if errors.Is(err, sql.ErrNoRows) {
		return effect.Brake{Name: name}, nil
	}
	if err != nil {
		return effect.Brake{}, t.s.fail(err, "read brake "+name)
	}
	return decode[effect.Brake]("brake "+name, doc)
}

// SetBrake puts a brake on or off.
func (t *Tx) SetBrake(ctx context.Context, b effect.Brake) error {
	doc, err := encode("brake "+b.Name, b)
	if err != nil {
		return err
	}
	name := "brake " + column(b.Name)
	t.seal(name, rowSum(name, doc))
	return t.s.fail(t.q.SetBrake(ctx, db.SetBrakeParams{Name: column(b.Name), Doc: doc}), "set brake "+b.Name)
}
