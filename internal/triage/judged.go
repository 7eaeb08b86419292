package triage

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Judgement is what one read has shown.
type Judgement struct {
	What   string                // names what was read: a resource's key, or a list; empty: what is known of Unread stays
	Wrong  []finding.Finding     // what is believed now
	Unread []finding.Finding     // why What could not be judged, of kind finding.Unread; none when all of it could be read
	Passed []finding.Fingerprint // beliefs that the read contradicts
}

// Judged writes down what a read has shown, all of it or nothing. Doing it twice is once.
func (t *Triager) Judged(ctx context.Context, j Judgement, now time.Time) error {
	return t.store.Update(ctx, func(tx Tx) error {
		for _, f := range j.Wrong {
			if err := t.report(ctx, tx, f, now); err != nil {
				return fmt.Errorf("report %s about %s: %w", f.By, f.Subject(), err)
			}
		}
		if err := t.inTheDark(ctx, tx, j, now); err != nil {
			return err
		}
		for _, fp := range j.Passed {
			if err := t.cleared(ctx, tx, fp, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// inTheDark keeps the register of what cannot be read. A finding of kind Unread is over when the last thing in it could be
// read again: nobody has to say so.
func (t *Triager) inTheDark(ctx context.Context, tx Tx, j Judgement, now time.Time) error {
	if j.What == "" {
		return nil
	}
	still := map[finding.Fingerprint]bool{}
	for _, f := range j.Unread {
		still[f.Fingerprint] = true
		if err := tx.AddUnread(ctx, f.Fingerprint, j.What, now); err != nil {
			return err
		}
		if err := t.report(ctx, tx, f, now); err != nil {
			return fmt.Errorf("report that %s cannot be read: %w", j.What, err)
		}
	}
	before, err := tx.UnreadOf(ctx, j.What)
	if err != nil {
		return err
	}
	for _, fp := range before {
		if still[fp] {
			continue
		}
		left, err := tx.DropUnread(ctx, fp, j.What)
		if err != nil || left > 0 {
			return err
		}
		if err := t.seesAgain(ctx, tx, fp, now); err != nil {
			return err
		}
	}
	return nil
}

// seesAgain settles a finding of kind Unread, and closes its ticket when nothing else is on it.
func (t *Triager) seesAgain(ctx context.Context, tx Tx, fp finding.Fingerprint, now time.Time) error {
	f, ok, err := tx.Finding(ctx, fp)
	if err != nil || !ok || f.State == finding.Done {
		return err
	}
	f.State, f.Settled = finding.Done, now
	return t.over(ctx, tx, f, ending{
		line:   ticket.Entry{At: now, Actor: actor, Kind: "verify", Text: "Everything that could not be read has been read again: " + f.Title},
		reason: "everything can be read again",
	})
}

// cleared is told that a fresh read contradicts a belief. What a person has been left with is given back to the software,
// which reads once more and closes it; what is open is being dealt with anyway.
func (t *Triager) cleared(ctx context.Context, tx Tx, fp finding.Fingerprint, now time.Time) error {
	f, ok, err := tx.Finding(ctx, fp)
	if err != nil || !ok || f.State != finding.Human || f.Ticket == "" {
		return err
	}
	tk, err := tx.Ticket(ctx, ticket.ID(f.Ticket))
	if err != nil || tk.Contended { // repaired and put back again and again: only a person knows when that is over
		return err
	}
	f.State = finding.Open
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	return tx.Enqueue(ctx, NextDoor, f.Ticket, now)
}
