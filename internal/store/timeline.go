package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// AppendEntry adds an entry to the ticket's timeline, puts its hash into the chain over all tickets and saves the ticket, new or
// known, as tk now is. tk's head moves on.
func (t *Tx) AppendEntry(ctx context.Context, tk *ticket.Ticket, e ticket.Entry) error {
	if len(e.Data) > 0 && !json.Valid(e.Data) {
		return fault.New(fault.Invalid, "ticket %s: the entry's data is no JSON", tk.ID)
	}
	// Clean before sealing: what the database would change on the way in could never be checked again.
	e.Actor, e.Kind, e.Text = clean(e.Actor), clean(e.Kind), clean(e.Text)
	e.Data = bytes.ToValidUTF8(e.Data, []byte("\uFFFD"))
	e.Made = slices.Clone(e.Made)
	for i := range e.Made {
		m := &e.Made[i]
		m.API, m.Region, m.Resource, m.Request, m.Error = clean(m.API), clean(m.Region), clean(m.Resource), clean(m.Request), clean(m.Error)
	}
	next := *tk
	e = next.Seal(e)
	if err := t.saveTicket(ctx, next, e.Prev); err != nil {
		return err
	}
	doc, err := encode(fmt.Sprintf("entry %d of ticket %s", e.Seq, e.Ticket), e)
	if err != nil {
		return err
	}
	id := column(string(e.Ticket))
	if err := t.q.AddEntry(ctx, db.AddEntryParams{Ticket: id, Seq: int64(e.Seq), Hash: e.Hash, Doc: doc}); err != nil {
		return t.s.fail(err, "add an entry to ticket "+string(tk.ID))
	}
	last, err := t.LastLink(ctx)
	if err != nil {
		return err
	}
	l := ticket.Follow(last, e)
	if err := t.addLink(ctx, l); err != nil {
		return err
	}
	*tk = next
	return nil
}

func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// Timeline lists a ticket's entries, oldest first.
func (t *Tx) Timeline(ctx context.Context, id ticket.ID) ([]ticket.Entry, error) {
	rows, err := t.q.Timeline(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "read the timeline of ticket "+string(id))
	}
	out := make([]ticket.Entry, 0, len(rows))
	for _, r := range rows {
		e, err := decode[ticket.Entry](fmt.Sprintf("entry %d of ticket %s", r.Seq, id), r.Doc)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// LastLink is the end of the chain over all tickets, zero when it is empty.
func (t *Tx) LastLink(ctx context.Context) (ticket.Link, error) {
	if t.last != nil {
		return *t.last, nil
	}
	l, err := t.q.LastLink(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return ticket.Link{}, nil
	}
	if err != nil {
		return ticket.Link{}, t.s.fail(err, "read the end of the chain of tickets")
	}
	return linkOf(l), nil
}

func linkOf(l db.Link) ticket.Link {
	return ticket.Link{Seq: l.Seq, Ticket: ticket.ID(l.Ticket), Entry: int(l.Entry), Row: l.RowKey, Head: l.Head, Prev: l.Prev, Hash: l.Hash}
}

// Links are the links of the chain after one, in order.
func (t *Tx) Links(ctx context.Context, after int64, limit int) ([]ticket.Link, error) {
	rows, err := t.q.Links(ctx, db.LinksParams{After: after, Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read the chain")
	}
	out := make([]ticket.Link, len(rows))
	for i, l := range rows {
		out[i] = linkOf(l)
	}
	return out, nil
}
