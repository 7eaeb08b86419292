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

// RequestUndo asks for an effect to be taken back: a row, and work that a running house does. Of what an attacker would want undone two
// people have to ask: another reports that the first one has been noted, and that a second one is wanted.
func RequestUndo(ctx context.Context, s Store, key string, o Order, now time.Time) (another bool, err error) {
	err = s.Update(ctx, func(tx Tx) error {
		another = false
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
		if err := errors.Join(undoable(e, t), last(ctx, tx, e, "")); err != nil {
			return err
		}
		if another, err = wantsAnother(e.Plan.TwoToUndo, &e.UndoAsked, o, now); err != nil {
			return err
		}
		what := fmt.Sprintf("undo %s (%s)", e.Plan.Action, e.Plan.Undo)
		if !another {
			e.State = effect.Undoing
		}
		if err := tx.SaveEffect(ctx, e); err != nil {
			return err
		}
		if err := tx.AppendEntry(ctx, &t, undoEntry(what, another, o, now)); err != nil || another {
			return err
		}
		return tx.Enqueue(ctx, NextDoor, key, now)
	})
	return another, err
}

// RequestUndoRun asks for everything that a run did to be taken back, last first.
func RequestUndoRun(ctx context.Context, s Store, id string, o Order, now time.Time) (another bool, err error) {
	err = s.Update(ctx, func(tx Tx) error {
		another = false
		r, t, err := runAndTicket(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.unfinished() || r.State == Undoing {
			return fault.New(fault.Conflict, "run %s is %s: wait until it has ended, or cancel it first", id, r.State)
		}
		two, err := undoableRun(ctx, tx, r, t)
		if err != nil {
			return err
		}
		if another, err = wantsAnother(two, &r.UndoAsked, o, now); err != nil {
			return err
		}
		if !another {
			r.State = Undoing
		}
		if err := tx.SaveRun(ctx, r); err != nil {
			return err
		}
		what := "undo everything that playbook " + r.Playbook + " did here"
		if err := tx.AppendEntry(ctx, &t, undoEntry(what, another, o, now)); err != nil || another {
			return err
		}
		return tx.Enqueue(ctx, Leg, string(r.Ticket), now)
	})
	return another, err
}

// undoableRun says no when something of the run cannot be taken back now. Two reports that some of it is what an attacker would want undone.
func undoableRun(ctx context.Context, tx Tx, r Run, t ticket.Ticket) (two bool, err error) {
	made, err := tx.Effects(ctx, effect.Filter{Ticket: string(r.Ticket), Run: r.ID, States: []effect.State{effect.Done}})
	if err != nil {
		return false, err
	}
	some := false
	for _, e := range made {
		if e.Plan.Undo == effect.None {
			continue
		}
		if err := errors.Join(undoable(e, t), last(ctx, tx, e, r.ID)); err != nil {
			return false, err
		}
		some, two = true, two || e.Plan.TwoToUndo
	}
	if !some {
		return false, fault.New(fault.Conflict, "run %s has done nothing that can be taken back", r.ID)
	}
	return two, nil
}

// wantsAnother notes who asks first, where two have to.
func wantsAnother(two bool, first **effect.Asked, o Order, now time.Time) (bool, error) {
	switch {
	case !two:
		return false, nil
	case *first == nil:
		*first = &effect.Asked{Person: o.Person, Reason: o.Reason, At: now}
		return true, nil
	case (*first).Person == o.Person:
		return false, fault.New(fault.Denied, "%s has asked for it already: undoing this is what an attacker would want, so another person has to ask for it too", o.Person)
	}
	return false, nil
}

func undoEntry(what string, another bool, o Order, now time.Time) ticket.Entry {
	text := fmt.Sprintf("%s asks to %s%s", o.Person, what, reason(o.Reason))
	if another {
		text += ". It is what an attacker would want: another person has to ask for it too"
	}
	return ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: "undo", Text: text}
}

func runAndTicket(ctx context.Context, tx Tx, id string) (Run, ticket.Ticket, error) {
	r, err := tx.Run(ctx, id)
	if err != nil {
		return r, ticket.Ticket{}, err
	}
	t, err := tx.Ticket(ctx, r.Ticket)
	return r, t, err
}

// last says no when something was done to the resource after this effect and still stands: what is built on it has to be taken
// back first. A policy that lets the public in, say, is refused by AWS while the block that came after it is on. What the
// run did itself does not count: all of it is taken back, last first.
func last(ctx context.Context, tx Tx, e effect.Effect, run string) error {
	after, err := tx.Effects(ctx, effect.Filter{
		Resource: e.Plan.Target.Ref.Key(), Since: e.Began, States: []effect.State{effect.Done, effect.Doing, effect.Undoing},
	})
	if err != nil {
		return err
	}
	for _, o := range after {
		if o.Key != e.Key && !o.Plan.Outward && o.Began.After(e.Began) && o.Run != run {
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
