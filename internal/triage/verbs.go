package triage

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
	"jobzero/internal/report"
	"jobzero/internal/ticket"
)

// Order is what a person asks of a ticket.
type Order struct {
	Ticket ticket.ID
	Person string
	Reason string
}

// Close lets a person close a ticket. Its findings count as settled; should a later read still fail, it opens again.
func Close(ctx context.Context, s Store, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		tk, err := tx.Ticket(ctx, o.Ticket)
		if err != nil {
			return err
		}
		if tk.State == ticket.Closed {
			return nil
		}
		if err := ofGlass(tk); err != nil {
			return err
		}
		if err := tk.Move(ticket.Closed, o.Reason, now); err != nil {
			return err
		}
		tk.Contended = false
		settle := func(f *finding.Finding) { f.State, f.Settled = finding.Done, now }
		if err := each(ctx, tx, o.Ticket, settle); err != nil {
			return err
		}
		if err := tx.AppendEntry(ctx, &tk, byPerson(o, "closed", "Closed", now)); err != nil {
			return err
		}
		return tx.Enqueue(ctx, NextDoor, string(tk.ID), now) // to end what is under way
	})
}

// Reopen lets a person give a ticket back to the software: closed or with a person, its findings are looked at again.
func Reopen(ctx context.Context, s Store, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		return reopen(ctx, tx, o, fmt.Sprintf("Reopened by %s: %s", o.Person, o.Reason), now)
	})
}

// reopen gives a ticket back to the software, with a line that says so. No verdict closes it, or anything like it, because one did before.
func reopen(ctx context.Context, tx Tx, o Order, line string, now time.Time) error {
	tk, err := tx.Ticket(ctx, o.Ticket)
	if err == nil {
		err = ofGlass(tk)
	}
	switch {
	case err != nil:
	case report.Of(tk.Subject):
		err = reopenReport(&tk, o, now)
	case tk.State == ticket.Human:
		err = tk.Move(ticket.Open, o.Reason, now)
	default:
		if err = tk.Reopen(o.Reason, now); err == nil {
			err = tx.Refuse(ctx, tk.ID, now)
		}
	}
	if err != nil {
		return err
	}
	tk.Contended, tk.TakenBack, tk.Doubted = false, false, true
	tk.Clocks.Contained, tk.Clocks.Verified = time.Time{}, time.Time{}
	if err := each(ctx, tx, o.Ticket, func(f *finding.Finding) { f.State = finding.Open }); err != nil {
		return err
	}
	e := ticket.Entry{At: now, Actor: "person/" + o.Person, Kind: "reopened", Text: line}
	if err := tx.AppendEntry(ctx, &tk, e); err != nil {
		return err
	}
	return tx.Enqueue(ctx, NextDoor, string(tk.ID), now)
}

func each(ctx context.Context, tx Tx, id ticket.ID, change func(*finding.Finding)) error {
	found, err := tx.Findings(ctx, finding.Filter{Ticket: string(id)})
	if err != nil {
		return err
	}
	for _, f := range found {
		change(&f)
		if err := tx.SaveFinding(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func byPerson(o Order, kind, verb string, now time.Time) ticket.Entry {
	return ticket.Entry{
		At: now, Actor: "person/" + o.Person, Kind: kind,
		Text: fmt.Sprintf("%s by %s: %s", verb, o.Person, o.Reason),
	}
}

// reopenReport opens a report's ticket again, for a person: what somebody has said no software settles.
func reopenReport(tk *ticket.Ticket, o Order, now time.Time) error {
	if tk.State == ticket.Human {
		return fault.New(fault.Denied, "ticket %s is of a report, which no software settles: it stays with people until one of them closes it", tk.ID)
	}
	if err := tk.Reopen(o.Reason, now); err != nil {
		return err
	}
	return tk.Move(ticket.Human, o.Reason, now)
}

// ofGlass says that a use of break-glass is settled by its review alone.
func ofGlass(tk ticket.Ticket) error {
	if id, ok := glass.OfTicket(tk.Subject); ok {
		return fault.New(fault.Denied, "ticket %s is of break-glass: `jobzero breakglass revoke %s` ends it, and its review closes the ticket", tk.ID, id)
	}
	return nil
}
