package playbook

import (
	"context"
	"fmt"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// outcome records what came of an attempt and wakes the playbook, in one transaction.
func (d *Director) outcome(ctx context.Context, e effect.Effect, res effect.Result, failed error) error {
	return d.store.Update(ctx, func(tx Tx) error {
		row, ok, err := tx.Effect(ctx, e.Key)
		if err != nil || !ok || row.State != e.State {
			return err
		}
		run, err := tx.Run(ctx, e.Run)
		if err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(e.Ticket))
		if err != nil {
			return err
		}
		if e.State == effect.Undoing {
			return d.undone(ctx, tx, &t, undoing{row, run, res, failed})
		}
		n := d.judgeAttempt(&row, &run, &t, res, failed)
		if err := tx.SaveEffect(ctx, row); err != nil {
			return err
		}
		if err := tx.SaveRun(ctx, run); err != nil {
			return err
		}
		if err := d.write(ctx, tx, &t, n); err != nil {
			return err
		}
		return tx.Enqueue(ctx, Leg, e.Ticket, d.now())
	})
}

// judgeAttempt turns the answer of an action into states and a line of the timeline.
func (d *Director) judgeAttempt(row *effect.Effect, run *Run, t *ticket.Ticket, res effect.Result, failed error) note {
	now, step := d.now(), stepOf(run, row.Step)
	switch {
	case fault.Is(failed, fault.Conflict):
		step.State, step.Plan, row.State, row.Error = StepWaiting, nil, effect.Failed, failed.Error()
		return note{kind: "replan", text: "The world moved on since the plan; planning again: " + failed.Error()}
	case failed != nil:
		step.State, step.Note, row.State, row.Error, row.Ended = StepFailed, failed.Error(), effect.Failed, failed.Error(), now
		return note{kind: "failed", text: fmt.Sprintf("Step %s did not work: %v", row.Step, failed)}
	default:
		step.State, row.State, row.Error = StepDone, effect.Done, ""
		row.Result, row.Ended = res, now
		row.Calls += res.Calls
		t.Clocks.Contained = now
		text := fmt.Sprintf("Done: %s with %d calls", row.Plan.Action, res.Calls)
		if res.Already {
			text = fmt.Sprintf("Done: %s; it was so already, nothing was called", row.Plan.Action)
		}
		return note{kind: "effect", text: text, data: res}
	}
}

func stepOf(run *Run, id string) *Step {
	for i := range run.Steps {
		if run.Steps[i].ID == id {
			return &run.Steps[i]
		}
	}
	return &Step{} // a run's steps are pinned; an effect without its step cannot be, and changes nothing
}

type undoing struct {
	row    effect.Effect
	run    Run
	res    effect.Result
	failed error
}

// undone records an undo. The ticket is with a person from then on: software must not repair again what a person took back.
func (d *Director) undone(ctx context.Context, tx Tx, t *ticket.Ticket, u undoing) error {
	now := d.now()
	n := note{kind: "undone", text: "Undone: " + u.row.Plan.Action, data: u.res}
	if u.failed != nil {
		u.row.State, u.row.Error = effect.Done, "undo: "+u.failed.Error()
		n = note{kind: "failed", text: fmt.Sprintf("Undo of %s did not work: %v", u.row.Plan.Action, u.failed)}
	} else {
		u.row.State, u.row.Undone, u.row.Error = effect.Undone, now, ""
		u.row.Calls += u.res.Calls
		u.run.State = Undone
	}
	if err := tx.SaveEffect(ctx, u.row); err != nil {
		return err
	}
	if err := tx.SaveRun(ctx, u.run); err != nil {
		return err
	}
	if err := d.toPerson(ctx, tx, t, n.text); err != nil {
		return err
	}
	return d.write(ctx, tx, t, n)
}

// toPerson leaves the whole ticket to a person, from whatever state it is in.
func (d *Director) toPerson(ctx context.Context, tx Tx, t *ticket.Ticket, reason string) error {
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID)})
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := d.giveUp(ctx, tx, f, reason); err != nil {
			return err
		}
	}
	if t.State == ticket.Closed {
		if err := t.Reopen(reason, d.now()); err != nil {
			return err
		}
	}
	return t.Move(ticket.Human, reason, d.now())
}
