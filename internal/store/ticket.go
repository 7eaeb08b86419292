package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Ticket gives one ticket, or fault.NotFound.
func (t *Tx) Ticket(ctx context.Context, id ticket.ID) (ticket.Ticket, error) {
	doc, err := t.q.Ticket(ctx, column(string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.Ticket{}, fault.New(fault.NotFound, "there is no ticket %s", id)
	}
	if err != nil {
		return ticket.Ticket{}, t.s.fail(err, "read ticket "+string(id))
	}
	return decode[ticket.Ticket]("ticket "+string(id), doc)
}

// TicketOf gives the ticket of a subject, false when there is none. A subject has at most one, open or closed.
func (t *Tx) TicketOf(ctx context.Context, subject string) (ticket.Ticket, bool, error) {
	doc, err := t.q.TicketOf(ctx, column(subject))
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.Ticket{}, false, nil
	}
	if err != nil {
		return ticket.Ticket{}, false, t.s.fail(err, "read the ticket of "+subject)
	}
	tk, err := decode[ticket.Ticket]("ticket of "+subject, doc)
	return tk, err == nil, err
}

// SaveTicket puts a ticket in or replaces it. It gives fault.Conflict when the timeline has grown since tk was read: use
// AppendEntry's ticket, or read again.
func (t *Tx) SaveTicket(ctx context.Context, tk ticket.Ticket) error {
	return t.saveTicket(ctx, tk, tk.Head)
}

// saveTicket replaces a row whose timeline still ends with headBefore.
func (t *Tx) saveTicket(ctx context.Context, tk ticket.Ticket, headBefore string) error {
	doc, err := encode("ticket "+string(tk.ID), tk)
	if err != nil {
		return err
	}
	if err := t.came(ctx, tk); err != nil {
		return err
	}
	if err := t.paged(ctx, tk); err != nil {
		return err
	}
	n, err := t.q.SaveTicket(ctx, db.SaveTicketParams{
		ID: column(string(tk.ID)), Subject: column(tk.Subject), State: column(string(tk.State)), Account: column(tk.Account),
		Team: column(tk.Owner.Team), Person: column(tk.Owner.Person), Severity: int64(tk.Severity.Rank()),
		Entries: int64(tk.Entries), Head: tk.Head, Words: searched(tk), Doc: doc, HeadBefore: headBefore,
	})
	switch {
	case err != nil:
		return t.s.fail(err, "save ticket "+string(tk.ID))
	case n == 0:
		return fault.New(fault.Conflict, "ticket %s has changed since it was read", tk.ID)
	}
	return nil
}

// Tickets lists tickets, the newest first.
func (t *Tx) Tickets(ctx context.Context, f ticket.Filter) ([]ticket.Ticket, error) {
	docs, err := t.q.Tickets(ctx, db.TicketsParams{
		States: words(f.States), Account: column(f.Account), Owner: column(f.Owner),
		Severity: int64(f.MinSeverity.Rank()), Most: most(f.Limit),
	})
	if err != nil {
		return nil, t.s.fail(err, "list tickets")
	}
	return decodeAll[ticket.Ticket]("ticket", docs)
}
