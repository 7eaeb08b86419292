package triage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// Judgement is what one read has shown.
type Judgement struct {
	What   string                // names what was read: a resource's key, or a list; empty: what is known of Unread stays
	Wrong  []finding.Finding     // what is believed now; comes to its ticket together
	Unread []finding.Finding     // why What could not be judged, of kind finding.Unread; none when all of it could be read
	Lapsed []finding.Finding     // waivers that have expired and would be wanted for What
	Waived []Waived              // what is wrong and approved for some time
	Passed []finding.Fingerprint // beliefs that the read contradicts
}

// Waived is a belief that somebody has approved for some time.
type Waived struct {
	Finding finding.Fingerprint
	Note    string // until when, by whom, and where that is written
}

// Judged writes down what a read has shown, all of it or nothing. Doing it twice is once.
func (t *Triager) Judged(ctx context.Context, j Judgement, now time.Time) error {
	return t.store.Update(ctx, func(tx Tx) error { return t.JudgedIn(ctx, tx, j, now) })
}

// JudgedIn is Judged as a part of a transaction. What is wrong comes to its ticket in it; what many reads share (Unread, Lapsed) is
// left to the leg: a thousand reads at a time would be in each other's way at its ticket.
func (t *Triager) JudgedIn(ctx context.Context, tx Tx, j Judgement, now time.Time) error {
	var open []finding.Finding
	for _, f := range j.Wrong {
		opens, err := t.believe(ctx, tx, f, now)
		if err != nil {
			return fmt.Errorf("report %s about %s: %w", f.By, f.Subject(), err)
		}
		if opens {
			open = append(open, f)
		}
	}
	if err := t.joinAll(ctx, tx, open, now); err != nil {
		return err
	}
	if err := t.inTheDark(ctx, tx, j, now); err != nil {
		return err
	}
	for _, w := range j.Waived {
		if err := t.waived(ctx, tx, w, now); err != nil {
			return err
		}
	}
	for _, fp := range j.Passed {
		if err := t.cleared(ctx, tx, fp, now); err != nil {
			return err
		}
	}
	return nil
}

// inTheDark keeps the register of what many things share: what cannot be read, and waivers that have expired. Such a finding is
// over when the last thing in it is: nobody has to say so.
func (t *Triager) inTheDark(ctx context.Context, tx Tx, j Judgement, now time.Time) error {
	if j.What == "" {
		return nil
	}
	still := map[finding.Fingerprint]bool{}
	for _, f := range slices.Concat(j.Unread, j.Lapsed) {
		still[f.Fingerprint] = true
		if err := tx.AddUnread(ctx, f.Fingerprint, j.What, now); err != nil {
			return err
		}
		if err := t.report(ctx, tx, f, now); err != nil {
			return fmt.Errorf("report %s about %s: %w", f.By, j.What, err)
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
		if err != nil {
			return err
		}
		if left > 0 {
			continue
		}
		if err := t.seesAgain(ctx, tx, fp, now); err != nil {
			return err
		}
	}
	return nil
}

// seesAgain settles a finding that many things shared, and closes its ticket when nothing else is on it.
func (t *Triager) seesAgain(ctx context.Context, tx Tx, fp finding.Fingerprint, now time.Time) error {
	f, ok, err := tx.Finding(ctx, fp)
	if err != nil || !ok || f.State == finding.Done {
		return err
	}
	f.State, f.Settled = finding.Done, now
	text, reason := "Everything that could not be read has been read again: ", "everything can be read again"
	if f.Kind != finding.Unread {
		text, reason = "Nothing wants it any more: ", "the waiver was renewed or removed, or what it was for is met"
	}
	return t.over(ctx, tx, f, ending{line: ticket.Entry{At: now, Actor: actor, Kind: "verify", Text: text + f.Title}, reason: reason})
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
