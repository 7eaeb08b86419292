package playbook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// takeBack begins to walk back what the run has done, because a step of it failed. A person gets the ticket.
func (d *Director) takeBack(ctx context.Context, k desk, why string) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		k.run.State, k.run.Reason = Undoing, why
		if err := tx.SaveRun(ctx, *k.run); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{kind: "undo", text: "What was done is taken back: " + why})
	})
}

// undoNext takes back the effect of the run that was done last and still stands, one after the other: what is built on another goes first.
// The rows say how far it is, so that a killed process goes on where it was.
func (d *Director) undoNext(ctx context.Context, k desk) (next, error) {
	r, waits := *k.undoing, false
	n, err := d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		waits = false
		made, err := tx.Effects(ctx, effect.Filter{Ticket: string(r.Ticket), Run: r.ID, States: []effect.State{effect.Done, effect.Doing, effect.Undoing}})
		if err != nil {
			return err
		}
		if waits = slices.ContainsFunc(made, func(e effect.Effect) bool { return e.State != effect.Done }); waits {
			return nil // the action leg has it and wakes us
		}
		slices.SortStableFunc(made, func(a, b effect.Effect) int { return b.Began.Compare(a.Began) })
		at := slices.IndexFunc(made, func(e effect.Effect) bool { return e.Plan.Undo != effect.None })
		if at < 0 {
			return d.allBack(ctx, tx, t, r, made)
		}
		e := made[at]
		e.State = effect.Undoing
		if err := tx.SaveEffect(ctx, e); err != nil {
			return err
		}
		if err := d.write(ctx, tx, t, note{kind: "undo", text: "Undoing step " + e.Step + ": " + Words(e.Plan)}); err != nil {
			return err
		}
		waits = true
		return tx.Enqueue(ctx, NextDoor, e.Key, d.now())
	})
	if err != nil || waits {
		return next{}, err
	}
	return n, nil
}

// allBack ends a run of which everything that can be taken back was. What cannot is said.
func (d *Director) allBack(ctx context.Context, tx Tx, t *ticket.Ticket, r Run, left []effect.Effect) error {
	r.State, r.Ended = Undone, d.now()
	if err := tx.SaveRun(ctx, r); err != nil {
		return err
	}
	words := []string{"Everything that playbook " + r.Playbook + " did here is taken back"}
	for _, e := range left {
		words = append(words, fmt.Sprintf("not step %s: nothing brings back what %s did", e.Step, e.Plan.Action))
	}
	text := strings.Join(words, "; ")
	if t.State == ticket.Closed {
		if err := t.Reopen(text, d.now()); err != nil {
			return err
		}
	}
	t.TakenBack, t.Contended = true, false
	if err := d.write(ctx, tx, t, note{kind: "undone", text: text}); err != nil {
		return err
	}
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(t.ID)})
	if err != nil {
		return err
	}
	return d.leave(ctx, tx, t, found, text)
}
