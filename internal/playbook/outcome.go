package playbook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// outcome records what came of an attempt and wakes the playbook, in one transaction.
func (d *Director) outcome(ctx context.Context, e effect.Effect, res effect.Result, failed error) error {
	return d.store.Update(ctx, func(tx Tx) error {
		row, ok, err := tx.Effect(ctx, e.Key)
		if err != nil || !ok {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(e.Ticket))
		if err != nil {
			return err
		}
		switch {
		case row.State == e.State && row.Attempts == e.Attempts:
		case failed == nil:
			return d.late(ctx, tx, row, &t, res)
		default: // somebody else's attempt is the one that counts
			return d.stray(ctx, tx, &t, row, res)
		}
		run, err := tx.Run(ctx, e.Run)
		if err != nil {
			return err
		}
		row.Calling = false
		if e.State == effect.Undoing {
			return d.undone(ctx, tx, &t, undoing{row, run, res, failed})
		}
		contained, err := contains(ctx, tx, &t, run)
		if err != nil {
			return err
		}
		n := d.judgeAttempt(&row, &run, res, failed)
		if row.State == effect.Done && contained && !row.Plan.Outward {
			t.Clocks.Contained, t.Clocks.Verified = d.now(), time.Time{} // what was verified before was another finding
		}
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

// late records calls that were made while the effect was given up, or by two attempts at once: what was done is on record
// whoever has the ticket now, so that it can be seen and taken back.
func (d *Director) late(ctx context.Context, tx Tx, row effect.Effect, t *ticket.Ticket, res effect.Result) error {
	if res.Calls == 0 {
		return d.stray(ctx, tx, t, row, res)
	}
	row.Calls += res.Calls
	if row.State == effect.Failed {
		row.State, row.Result, row.Calling, row.Ended = effect.Done, res, false, d.now()
	}
	if err := tx.SaveEffect(ctx, row); err != nil {
		return err
	}
	text := fmt.Sprintf("Done all the same: %s with %d calls, which were under way when the effect became %s", row.Plan.Action, res.Calls, row.State)
	return d.write(ctx, tx, t, note{kind: "effect", text: text, data: res.Bare(), made: res.Made})
}

// stray records the calls of an attempt that does not count: they were made all the same, and CloudTrail shows them.
func (d *Director) stray(ctx context.Context, tx Tx, t *ticket.Ticket, row effect.Effect, res effect.Result) error {
	if len(res.Made) == 0 {
		return nil
	}
	text := fmt.Sprintf("Called for step %s by an attempt that does not count any more: the effect is %s", row.Step, row.State)
	return d.write(ctx, tx, t, note{kind: "calls", text: text, data: res.Bare(), made: res.Made})
}

// postpone records that an attempt did not come through and is tried again.
func (d *Director) postpone(ctx context.Context, e effect.Effect, res effect.Result, cause error) error {
	return d.store.Update(ctx, func(tx Tx) error {
		row, ok, err := tx.Effect(ctx, e.Key)
		if err != nil || !ok {
			return err
		}
		t, err := tx.Ticket(ctx, ticket.ID(e.Ticket))
		if err != nil {
			return err
		}
		if row.State != e.State || row.Attempts != e.Attempts {
			return d.stray(ctx, tx, &t, row, res)
		}
		row.Calling, row.Error = false, cause.Error()
		row.Calls += res.Calls
		if err := tx.SaveEffect(ctx, row); err != nil {
			return err
		}
		text := fmt.Sprintf("Attempt %d of step %s did not come through and is made again: %v", row.Attempts, row.Step, cause)
		return d.write(ctx, tx, &t, note{kind: "retry", text: text, made: res.Made})
	})
}

// mostAttempts bounds how often an effect is planned again because the world has moved on since.
const mostAttempts = 10

// judgeAttempt turns the answer of an action into states and a line of the timeline.
func (d *Director) judgeAttempt(row *effect.Effect, run *Run, res effect.Result, failed error) note {
	now, step := d.now(), run.step(row.Step)
	row.Calls += res.Calls
	switch {
	case fault.Is(failed, fault.Conflict) && row.Attempts < mostAttempts:
		step.State, step.Plan, row.State, row.Error = StepWaiting, nil, effect.Failed, failed.Error()
		return note{kind: "replan", text: "The world moved on since the plan; planning again: " + failed.Error(), made: res.Made}
	case failed != nil:
		step.State, step.Note, row.State, row.Error, row.Ended = StepFailed, failed.Error(), effect.Failed, failed.Error(), now
		return note{kind: "failed", text: fmt.Sprintf("Step %s did not work: %v", row.Step, failed), made: res.Made}
	default:
		step.State, step.Note, row.State, row.Error = StepDone, "", effect.Done, ""
		row.Result, row.Ended = res, now
		text := fmt.Sprintf("Done: %s with %d calls", row.Plan.Action, res.Calls)
		if row.Plan.Outward {
			step.Output = res.After
			if step.Plan != nil {
				step.Plan.Gave = res.After
			}
		}
		if res.Going {
			step.State = StepGoing
			return note{kind: "effect", text: fmt.Sprintf("Begun: %s; it is followed to its end", row.Plan.Action), data: res}
		}
		if res.Already {
			text = fmt.Sprintf("Done: %s; it was so already, nothing was called", row.Plan.Action)
		}
		return note{kind: "effect", text: text, data: res.Bare(), made: res.Made}
	}
}

// contains reports whether an effect of the run moves the ticket's clock of containment: the first one does, and those for a
// finding as bad as the ticket. What is tidied up afterwards for a milder one does not make the containment later. A ticket
// that a person closed while the call was under way has stopped its clocks.
func contains(ctx context.Context, tx Tx, t *ticket.Ticket, run Run) (bool, error) {
	if t.State == ticket.Closed || t.Clocks.Contained.IsZero() {
		return t.State != ticket.Closed, nil
	}
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID)})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(found, func(f finding.Finding) bool {
		return f.Fingerprint == run.Finding && f.Severity.Rank() >= t.Severity.Rank()
	}), nil
}

type undoing struct {
	row    effect.Effect
	run    Run
	res    effect.Result
	failed error
}

// undone records an undo. The ticket is with a person from then on: software must not repair again what a person took back.
func (d *Director) undone(ctx context.Context, tx Tx, t *ticket.Ticket, u undoing) error {
	n := note{kind: "undone", text: "Undone: " + u.row.Plan.Action, data: u.res.Bare(), made: u.res.Made}
	u.row.Calls += u.res.Calls
	if u.failed != nil {
		u.row.State, u.row.Error = effect.Done, "undo: "+u.failed.Error()
		n = note{kind: "failed", text: fmt.Sprintf("Undo of %s did not work: %v", u.row.Plan.Action, u.failed), made: u.res.Made}
	} else {
		u.row.State, u.row.Undone, u.row.Error = effect.Undone, d.now(), ""
		t.TakenBack, t.Contended = true, false
	}
	if err := tx.SaveEffect(ctx, u.row); err != nil {
		return err
	}
	if err := d.write(ctx, tx, t, n); err != nil {
		return err
	}
	if u.run.State == Undoing && u.failed == nil { // the run walks on
		return tx.Enqueue(ctx, Leg, string(t.ID), d.now())
	}
	if t.State == ticket.Closed {
		if err := t.Reopen(n.text, d.now()); err != nil {
			return err
		}
	}
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID)})
	if err != nil {
		return err
	}
	if err := d.leave(ctx, tx, t, found, n.text); err != nil {
		return err
	}
	run, err := tx.Run(ctx, u.run.ID) // as leave left it
	if err != nil {
		return err
	}
	switch {
	case u.failed == nil:
		run.State = Undone
	case run.State == Undoing: // what was done before cannot go while this stands
		run.State, run.Reason, run.Ended = GaveUp, n.text, d.now()
	default:
		return nil // that the undo failed is on the timeline now
	}
	return tx.SaveRun(ctx, run)
}
