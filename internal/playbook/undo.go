package playbook

import (
	"context"
	"errors"
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
		if err := errors.Join(undoable(e, t), last(ctx, tx, e)); err != nil {
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

// last says no when something was done to the resource after this effect and still stands: what is built on it has to be taken
// back first. A policy that lets the public in, say, is refused by AWS while the block that came after it is on.
func last(ctx context.Context, tx Tx, e effect.Effect) error {
	after, err := tx.Effects(ctx, effect.Filter{
		Resource: e.Plan.Target.Ref.Key(), Since: e.Began, States: []effect.State{effect.Done, effect.Doing, effect.Undoing},
	})
	if err != nil {
		return err
	}
	for _, o := range after {
		if o.Key != e.Key && o.Began.After(e.Began) {
			return fault.New(fault.Conflict, "effect %s came before %s (%s), which still stands on the same resource: undo that one first, and wait until it is undone",
				e.Key, o.Key, o.Plan.Action)
		}
	}
	return nil
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
