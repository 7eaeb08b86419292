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

// beginEffect writes the effect's row in the transaction that changes the step's state, then leaves it to the action leg.
func (d *Director) beginEffect(ctx context.Context, k desk, step string) (next, error) {
	var held hold
	about, err := d.weigh(ctx, k, step)
	if err != nil {
		return next{}, err
	}
	n, err := d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		var err error
		if held, err = d.check(ctx, tx, k, about); err != nil {
			return err
		}
		if held.reason != "" {
			return d.writeHeld(ctx, tx, t, held)
		}
		return d.open(ctx, tx, t, k, k.run.step(step))
	})
	switch {
	case err != nil:
		return next{}, err
	case held.forPerson:
		return d.abandonHeld(ctx, k, held)
	case held.reason != "":
		return next{again: held.until}, nil
	default:
		return n, nil
	}
}

// writeHeld says once on the timeline why nothing happens.
func (d *Director) writeHeld(ctx context.Context, tx Tx, t *ticket.Ticket, h hold) error {
	if t.Reason == h.reason || h.forPerson {
		return nil
	}
	if err := t.Move(t.State, h.reason, d.now()); err != nil {
		return err
	}
	return d.write(ctx, tx, t, note{kind: "held", text: "Held: " + h.reason})
}

func (d *Director) abandonHeld(ctx context.Context, k desk, h hold) (next, error) {
	plan := k.run.Steps
	return d.abandon(ctx, k, h.reason, plan)
}

func (d *Director) open(ctx context.Context, tx Tx, t *ticket.Ticket, k desk, step *Step) error {
	now := d.now()
	count, contended, err := d.contended(ctx, tx, *step.Plan)
	if err != nil {
		return err
	}
	step.State = StepDoing
	e := effect.Effect{
		Key: k.run.EffectKey(step.ID), Ticket: string(t.ID), Run: k.run.ID, Step: step.ID, Playbook: k.run.Playbook,
		Account: k.next.Account, State: effect.Doing, Plan: *step.Plan, Began: now,
	}
	if old, ok, err := tx.Effect(ctx, e.Key); err != nil {
		return err
	} else if ok { // planned again because the world moved on: the same effect, another attempt
		e.Attempts, e.Began, e.Calls = old.Attempts, old.Began, old.Calls
	}
	if err := tx.SaveEffect(ctx, e); err != nil {
		return err
	}
	if err := tx.SaveRun(ctx, *k.run); err != nil {
		return err
	}
	if err := t.Move(ticket.Remediating, Words(*step.Plan), now); err != nil {
		return err
	}
	if err := d.write(ctx, tx, t, note{kind: "plan", text: "Doing: " + Words(*step.Plan), data: step.Plan}); err != nil {
		return err
	}
	if contended && !t.Contended {
		t.Contended, t.Sourced, t.Warned = true, time.Time{}, time.Time{}
		text := fmt.Sprintf("Tug of war: repaired %d times within %s and put back each time. Repairing goes on; a person has to mend the source",
			count, d.config().Loop.Within)
		if err := d.write(ctx, tx, t, note{kind: "contended", text: text}); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, Contested, string(t.ID), now); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, NextDoor, e.Key, now)
}

// recordPatience is how long writing down what was done may take, also while the process is being stopped.
const recordPatience = 10 * time.Second

// Act is the durable leg that makes an effect: note the attempt, make the calls, record what came of them. A process that
// dies in between finds the note and does it again; actions look before they call, so twice is once.
func (d *Director) Act(ctx context.Context, key string) (time.Time, error) {
	e, held, err := d.attempt(ctx, key)
	if err != nil || held != (time.Time{}) || e.Key == "" {
		return held, err
	}
	var res effect.Result
	plan := e.Plan
	plan.Target.Ticket, plan.Target.Effect = e.Ticket, occasionOf(e) // by the row, whatever the plan says
	if e.State == effect.Undoing {
		res, err = d.hands.Undo(ctx, plan)
	} else {
		res, err = d.hands.Do(ctx, plan)
	}
	cut := err != nil && (fault.Is(err, fault.Unavailable) || ctx.Err() != nil)
	// The world may have changed: that is written down whatever becomes of this process's wish to go on.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordPatience)
	defer cancel()
	if cut {
		err = fault.Wrap(fault.Unavailable, err, "effect %s", key)
		return time.Time{}, errors.Join(err, d.postpone(ctx, e, res, err))
	}
	return time.Time{}, d.outcome(ctx, e, res, err)
}

// attempt notes that a call is about to be made. An empty key means that there is nothing to do any more.
func (d *Director) attempt(ctx context.Context, key string) (effect.Effect, time.Time, error) {
	var (
		e    effect.Effect
		held time.Time
	)
	err := d.store.Update(ctx, func(tx Tx) error {
		e, held = effect.Effect{}, time.Time{}
		row, ok, err := tx.Effect(ctx, key)
		if err != nil || !ok || (row.State != effect.Doing && row.State != effect.Undoing) {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(row.Ticket))
		if err != nil {
			return err
		}
		run, err := tx.Run(ctx, row.Run)
		if err != nil {
			return err
		}
		if run.Paused != "" && row.State == effect.Doing {
			held = d.now().Add(heldPause)
			return nil
		}
		if row.State == effect.Doing { // undoing is what a person asks for, often just after pulling the brake
			b, err := tx.Brake(ctx, EnforcementBrake)
			if err != nil {
				return err
			}
			if b.On {
				held = d.now().Add(heldPause)
				return nil
			}
			if dropped, err := d.drop(ctx, tx, &t, row, run); err != nil || dropped {
				return err
			}
		}
		repeated := row.Calling
		row.Attempts++
		row.Calling = true
		if err := tx.SaveEffect(ctx, row); err != nil {
			return err
		}
		e = row
		if !repeated {
			return nil
		}
		text := fmt.Sprintf("Attempt %d of step %s: the one before left no record. The action looks first, so repeating it is harmless", row.Attempts, row.Step)
		return d.write(ctx, tx, &t, note{kind: "repeat", text: text})
	})
	return e, held, err
}

// drop gives up an effect that nobody wants any more: what was begun is not done behind the back of a person who has the
// ticket, or who has turned the playbook to plan mode.
func (d *Director) drop(ctx context.Context, tx Tx, t *ticket.Ticket, row effect.Effect, run Run) (bool, error) {
	var why string
	switch {
	case t.State == ticket.Closed || t.State == ticket.Human:
		why = "the ticket is " + string(t.State)
	case run.State != Running:
		why = "its run has ended: " + run.Reason
	case run.step(row.Step).State == StepFailed:
		why = run.step(row.Step).Note
	case d.config().ModeFor(row.Playbook, row.Account) != Enforce:
		why = fmt.Sprintf("playbook %s may only plan in account %s now", row.Playbook, row.Account)
	default:
		return false, nil
	}
	if row.Calling {
		why += "; an attempt before left no record, so its calls may have been made"
	}
	step := run.step(row.Step)
	step.State, step.Note = StepFailed, why
	row.State, row.Error, row.Ended, row.Calling = effect.Failed, "given up: "+why, d.now(), false
	if err := tx.SaveEffect(ctx, row); err != nil {
		return false, err
	}
	if err := tx.SaveRun(ctx, run); err != nil {
		return false, err
	}
	if err := d.write(ctx, tx, t, note{kind: "dropped", text: fmt.Sprintf("Not done: step %s: %s", row.Step, why)}); err != nil {
		return false, err
	}
	return true, tx.Enqueue(ctx, Leg, row.Ticket, d.now())
}
