package playbook

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// RequestUndo asks for an effect to be taken back: a row, and work that a running house does.
func RequestUndo(ctx context.Context, s Store, key string, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		e, ok, err := tx.Effect(ctx, key)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.NotFound, "effect %q: there is none of that key; `jobzero action list` shows them", key)
		}
		t, err := tx.Ticket(ctx, ticket.ID(e.Ticket))
		if err != nil {
			return err
		}
		if err := undoable(e, t); err != nil {
			return err
		}
		e.State = effect.Undoing
		if err := tx.SaveEffect(ctx, e); err != nil {
			return err
		}
		text := fmt.Sprintf("%s asks to undo %s (%s): %s", o.Person, e.Plan.Action, e.Plan.Undo, o.Reason)
		if err := tx.AppendEntry(ctx, &t, ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: "undo", Text: text}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, NextDoor, key, now)
	})
}

func undoable(e effect.Effect, t ticket.Ticket) error {
	switch {
	case e.State != effect.Done:
		return fault.New(fault.Conflict, "effect %s is %s: only a done one can be undone", e.Key, e.State)
	case e.Plan.Undo == effect.None:
		return fault.New(fault.Denied, "effect %s cannot be undone: nothing brings back what %s does", e.Key, e.Plan.Action)
	case t.State != ticket.Closed && t.State != ticket.Human:
		return fault.New(fault.Conflict, "ticket %s is %s: wait until it is closed, or close it first", t.ID, t.State)
	default:
		return nil
	}
}
