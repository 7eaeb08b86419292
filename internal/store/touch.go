package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/event"
	"jobzero/internal/store/db"
)

// Touch gives the newest event that changed a resource, false when none is known.
func (t *Tx) Touch(ctx context.Context, resource string) (event.Touch, bool, error) {
	doc, err := t.q.Touch(ctx, column(resource))
	if errors.Is(err, sql.ErrNoRows) {
		return event.Touch{}, false, nil
	}
	if err != nil {
		return event.Touch{}, false, t.s.fail(err, "read who touched "+resource)
	}
	touch, err := decode[event.Touch]("touch of "+resource, doc)
	return touch, err == nil, err
}

// SaveTouch remembers an event that changed a resource, unless a newer one is known.
func (t *Tx) SaveTouch(ctx context.Context, e event.Touch) error {
	doc, err := encode("touch of "+e.Resource, e)
	if err != nil {
		return err
	}
	return t.s.fail(t.q.SaveTouch(ctx, db.SaveTouchParams{Resource: column(e.Resource), At: stamp(e.Time), Doc: doc}), "save who touched "+e.Resource)
}
