package triage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// stuck is why a finding cannot come to its ticket as the two of them are now. Nothing was written when it is given.
type stuck struct{ error }

// Unwrap gives the reason, so that its code is known.
func (s stuck) Unwrap() error { return s.error }

// joinAll brings what one read has found to its ticket in the transaction that writes it down, the worst first: between two of
// them nobody can settle the one, close the ticket, and have it opened again for the other. What is stuck is left to the leg, which
// tries again and gives it to a person in the end: it does not keep the others from being written down.
func (t *Triager) joinAll(ctx context.Context, tx Tx, found []finding.Finding, now time.Time) error {
	slices.SortStableFunc(found, func(a, b finding.Finding) int { return b.Severity.Rank() - a.Severity.Rank() })
	for _, f := range found {
		err := t.join(ctx, tx, f.Fingerprint, now)
		if _, is := errors.AsType[stuck](err); is {
			err = tx.Enqueue(ctx, Leg, string(f.Fingerprint), now)
		}
		if err != nil {
			return fmt.Errorf("bring %s about %s to its ticket: %w", f.By, f.Subject(), err)
		}
	}
	return nil
}

// join brings an open finding to its ticket, with the work that follows. Doing it twice is once.
func (t *Triager) join(ctx context.Context, tx Tx, fp finding.Fingerprint, now time.Time) error {
	f, ok, err := tx.Finding(ctx, fp)
	if err != nil || !ok || f.State != finding.Open || t.quiet(f) {
		return err
	}
	tk, err := t.ticketFor(ctx, tx, f, now)
	if err != nil {
		return err
	}
	if late(tk, f) {
		return t.joinLate(ctx, tx, tk, f, now)
	}
	e, err := t.enter(&tk, f, now)
	if err != nil {
		return stuck{err}
	}
	if f.Ticket != string(tk.ID) {
		f.Ticket = string(tk.ID)
		if err := tx.SaveFinding(ctx, f); err != nil {
			return err
		}
	}
	if e.Kind != "" {
		if err := tx.AppendEntry(ctx, &tk, e); err != nil {
			return err
		}
	}
	return tx.Enqueue(ctx, NextDoor, string(tk.ID), now)
}

// ticketFor gives the ticket that a finding is on, or belongs on.
func (t *Triager) ticketFor(ctx context.Context, tx Tx, f finding.Finding, now time.Time) (ticket.Ticket, error) {
	if f.Ticket != "" {
		tk, err := tx.Ticket(ctx, ticket.ID(f.Ticket))
		if fault.Is(err, fault.NotFound) {
			err = stuck{err}
		}
		return tk, err
	}
	if tk, ok, err := t.ofCredential(ctx, tx, f, now); err != nil || ok {
		return tk, err
	}
	subject, routine := f.Subject(), t.routine(f)
	if routine {
		subject = ticket.Routine(subject)
	}
	tk, ok, err := tx.TicketOf(ctx, subject)
	if err != nil || ok {
		return tk, err
	}
	tk = ticket.Start(t.newID(now), f, t.owner(f), now)
	tk.Subject, tk.Routine = subject, routine
	return tk, nil
}

// enter puts a finding on a ticket in the way that the ticket's state asks for, and gives the line about it: one without a kind when
// there is nothing to say. It writes nothing.
func (t *Triager) enter(tk *ticket.Ticket, f finding.Finding, now time.Time) (e ticket.Entry, err error) {
	e = ticket.Entry{At: now, Actor: actor}
	if e.Data, err = json.Marshal(f.Evidence); err != nil {
		return e, fmt.Errorf("evidence of %s: %w", f.Fingerprint, err)
	}
	joined := f.Ticket == string(tk.ID)
	switch {
	case tk.Entries == 0:
		e.Kind, e.Text = "opened", fmt.Sprintf("%s. Owner: %s", words(f), describe(tk.Owner))
		return e, nil
	case tk.State == ticket.Closed:
		if err := tk.Reopen("it came back: "+f.Title, now); err != nil {
			return e, err
		}
		t.anew(tk, f)
		e.Kind, e.Text = "reopened", "It came back: "+words(f)
	case tk.State == ticket.Human && tk.Contended:
		if err := tk.Move(ticket.Investigating, "put back again: "+f.Title, now); err != nil {
			return e, err
		}
		tk.Clocks.Contained, tk.Clocks.Verified = time.Time{}, time.Time{}
		e.Kind, e.Text = "state", "Put back again: "+words(f)
	case !joined:
		e.Kind, e.Text = "joined", words(f)
	}
	if !joined {
		tk.Join(f)
	}
	return e, nil
}
