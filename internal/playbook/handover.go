package playbook

import (
	"context"
	"fmt"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// HandOver gives a ticket to a person: what is left when a leg has tried as often as it may. All that is open on it goes
// along. Handing over twice is once.
func (d *Director) HandOver(ctx context.Context, id ticket.ID, reason string) error {
	return d.store.Update(ctx, func(tx Tx) error {
		t, err := tx.Ticket(ctx, id)
		if err != nil || t.State == ticket.Closed {
			return err
		}
		open, err := tx.Findings(ctx, finding.Filter{Ticket: string(id), State: finding.Open})
		if err != nil || (t.State == ticket.Human && len(open) == 0) {
			return err
		}
		return d.leave(ctx, tx, &t, open, reason)
	})
}

// leave gives findings, what is under way and the ticket itself to a person, with a line that says so.
func (d *Director) leave(ctx context.Context, tx Tx, t *ticket.Ticket, found []finding.Finding, reason string) error {
	for _, f := range found {
		f.State, f.Note = finding.Human, reason
		if err := tx.SaveFinding(ctx, f); err != nil {
			return err
		}
	}
	if err := d.endRuns(ctx, tx, t.ID, reason); err != nil {
		return err
	}
	if err := t.Move(ticket.Human, reason, d.now()); err != nil {
		return fault.Wrap(fault.Conflict, err, "hand over")
	}
	return d.write(ctx, tx, t, note{kind: "state", text: "For a person: " + reason})
}

// HandOverEffect gives to a person what neither came about nor can be tried again: the ticket of an effect, or an undo that
// somebody waits for.
func (d *Director) HandOverEffect(ctx context.Context, key string, cause error) error {
	var e effect.Effect
	err := d.store.View(ctx, func(tx Tx) error {
		var err error
		e, _, err = tx.Effect(ctx, key)
		return err
	})
	switch {
	case err != nil:
		return err
	case e.State == effect.Undoing:
		return d.outcome(ctx, e, effect.Result{}, cause)
	case e.State == effect.Doing:
		return d.HandOver(ctx, ticket.ID(e.Ticket), fmt.Sprintf("effect %s did not come about: %v", key, cause))
	default:
		return nil
	}
}

// endRuns gives up the unfinished runs of a ticket and what they had begun, so that nothing of it is done later behind
// somebody's back.
func (d *Director) endRuns(ctx context.Context, tx Tx, id ticket.ID, reason string) error {
	runs, err := tx.UnfinishedRuns(ctx, id)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if !r.unfinished() {
			continue
		}
		if err := d.endRun(ctx, tx, r, reason); err != nil {
			return err
		}
	}
	return nil
}

func (d *Director) endRun(ctx context.Context, tx Tx, r Run, reason string) error {
	begun, err := tx.Effects(ctx, effect.Filter{Ticket: string(r.Ticket), Run: r.ID, States: []effect.State{effect.Doing}})
	if err != nil {
		return err
	}
	for _, e := range begun {
		e.State, e.Error, e.Ended = effect.Failed, "given up: "+reason, d.now()
		if err := tx.SaveEffect(ctx, e); err != nil {
			return err
		}
	}
	r.State, r.Reason, r.Ended = GaveUp, reason, d.now()
	return tx.SaveRun(ctx, r)
}

// endStale ends runs that nobody can carry on: their ticket was closed, handed over or opened anew since, or their finding is
// no longer open.
func (d *Director) endStale(ctx context.Context, k desk) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		for _, r := range k.stale {
			if err := d.endRun(ctx, tx, r, "overtaken: the ticket is "+string(t.State)); err != nil {
				return err
			}
		}
		return d.write(ctx, tx, t, note{kind: "overtaken", text: "What was under way is given up: the ticket was settled or opened anew by somebody else"})
	})
}
