package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oklog/ulid/v2"

	"jobzero/internal/fault"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Page gives one page, or fault.NotFound.
func (t *Tx) Page(ctx context.Context, id escalate.ID) (escalate.Page, error) {
	doc, err := t.q.Page(ctx, column(string(id)))
	if missing(err) {
		return escalate.Page{}, fault.New(fault.NotFound, "there is no page %s", id)
	}
	if err != nil {
		return escalate.Page{}, t.s.fail(err, "read page "+string(id))
	}
	return decode[escalate.Page]("page "+string(id), doc)
}

// SavePage keeps a page. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SavePage(ctx context.Context, p escalate.Page) error {
	doc, err := encode("page "+string(p.ID), p)
	if err != nil {
		return err
	}
	row := db.Page{
		ID: column(string(p.ID)), State: column(string(p.State)), Severity: int64(p.Severity.Rank()), Ticket: column(string(p.First)), Version: p.Version, Doc: doc,
	}
	n, err := t.q.SavePage(ctx, db.SavePageParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save page "+string(p.ID))
	case n == 0:
		return fault.New(fault.Conflict, "page %s was changed in between: read again", p.ID)
	}
	t.seal("page "+row.ID, pageSum(row))
	return nil
}

// Pages lists pages, the newest first.
func (t *Tx) Pages(ctx context.Context, f escalate.Filter) ([]escalate.Page, error) {
	docs, err := t.q.Pages(ctx, db.PagesParams{States: words(f.States), Severity: int64(f.MinSeverity.Rank()), Most: most(f.Limit)})
	if err != nil {
		return nil, t.s.fail(err, "list pages")
	}
	return decodeAll[escalate.Page]("page", docs)
}

// PagesAfter are some that have not ended, in the order of their IDs.
func (t *Tx) PagesAfter(ctx context.Context, after escalate.ID, limit int) ([]escalate.Page, error) {
	docs, err := t.q.PagesAfter(ctx, db.PagesAfterParams{After: column(string(after)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list pages")
	}
	return decodeAll[escalate.Page]("page", docs)
}

// PageOf is the page that tells of a ticket which is not closed, empty when there is none.
func (t *Tx) PageOf(ctx context.Context, id ticket.ID) (escalate.ID, error) {
	page, err := t.q.PageOf(ctx, column(string(id)))
	if missing(err) {
		return "", nil
	}
	return escalate.ID(page), t.s.fail(err, "look for the page of ticket "+string(id))
}

// PagesOf are all that have told of a ticket, oldest first.
func (t *Tx) PagesOf(ctx context.Context, id ticket.ID) ([]escalate.Page, error) {
	docs, err := t.q.PagesOf(ctx, column(string(id)))
	if err != nil {
		return nil, t.s.fail(err, "read the pages of ticket "+string(id))
	}
	return decodeAll[escalate.Page]("page", docs)
}

// PagesOfWord are some that have not ended and that a ticket grouped by the word has joined since, the last first.
func (t *Tx) PagesOfWord(ctx context.Context, word string, since time.Time, limit int) ([]escalate.Page, error) {
	docs, err := t.q.PagesOfWord(ctx, db.PagesOfWordParams{Word: column(word), Since: stamp(since), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "look for pages of "+word)
	}
	return decodeAll[escalate.Page]("page", docs)
}

// JoinPage says that a page tells of a ticket, and by what the ticket is grouped.
func (t *Tx) JoinPage(ctx context.Context, id escalate.ID, of ticket.ID, groupedBy []string, at time.Time) error {
	err := t.q.SavePageTicket(ctx, db.SavePageTicketParams{Ticket: column(string(of)), Page: column(string(id)), At: stamp(at)})
	for _, w := range groupedBy {
		if err == nil {
			err = t.q.SavePageWord(ctx, db.SavePageWordParams{Word: column(w), Page: column(string(id)), At: stamp(at)})
		}
	}
	return t.s.fail(err, "add ticket "+string(of)+" to page "+string(id))
}

// LeavePage says that a ticket of a page is closed; false when that was known.
func (t *Tx) LeavePage(ctx context.Context, id escalate.ID, of ticket.ID) (bool, error) {
	n, err := t.q.ShutPageTicket(ctx, db.ShutPageTicketParams{Ticket: column(string(of)), Page: column(string(id))})
	return n > 0, t.s.fail(err, "take ticket "+string(of)+" from page "+string(id))
}

// TicketsOfPage are some of those that a page tells of, the first first.
func (t *Tx) TicketsOfPage(ctx context.Context, id escalate.ID, limit int) ([]ticket.ID, error) {
	rows, err := t.q.TicketsOfPage(ctx, db.TicketsOfPageParams{Page: column(string(id)), Most: most(limit)})
	out := make([]ticket.ID, len(rows))
	for i, r := range rows {
		out[i] = ticket.ID(r.Ticket)
	}
	return out, t.s.fail(err, "read the tickets of page "+string(id))
}

// Untold are some tickets of a page that were of it when an answer was given, and do not tell of that yet.
func (t *Tx) Untold(ctx context.Context, id escalate.ID, answered time.Time, limit int) ([]ticket.ID, error) {
	rows, err := t.q.UntoldTickets(ctx, db.UntoldTicketsParams{Page: column(string(id)), Answered: stamp(answered), Most: most(limit)})
	out := make([]ticket.ID, len(rows))
	for i, r := range rows {
		out[i] = ticket.ID(r)
	}
	return out, t.s.fail(err, "look which tickets of page "+string(id)+" do not tell of its answer")
}

// TellTicket notes that a ticket tells of an answer.
func (t *Tx) TellTicket(ctx context.Context, id escalate.ID, of ticket.ID, answered time.Time) error {
	err := t.q.TellTicket(ctx, db.TellTicketParams{Answered: stamp(answered), Ticket: column(string(of)), Page: column(string(id))})
	return t.s.fail(err, "note that ticket "+string(of)+" tells of an answer")
}

// Unpaged are some tickets that are not closed, that no page tells of, and that were opened before a time, in the order of their IDs.
func (t *Tx) Unpaged(ctx context.Context, after ticket.ID, before time.Time, limit int) ([]ticket.ID, error) {
	var least ulid.ULID
	if err := least.SetTime(ulid.Timestamp(before)); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "tickets of before %s", before)
	}
	rows, err := t.q.UnpagedTickets(ctx, db.UnpagedTicketsParams{After: column(string(after)), Before: least.String(), Most: most(limit)})
	out := make([]ticket.ID, len(rows))
	for i, r := range rows {
		out[i] = ticket.ID(r)
	}
	return out, t.s.fail(err, "look for tickets that no page tells of")
}

// PrunePageWords forgets by what pages were grouped that nothing has joined since a time.
func (s *Store) PrunePageWords(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget by what pages were grouped", func(t *Tx) (int64, error) { return t.q.PrunePageWords(ctx, stamp(before)) })
}

// paged wakes the pager for a ticket that is about to be saved: it comes to a person, or grows worse there, or is closed while a page tells of it.
func (t *Tx) paged(ctx context.Context, tk ticket.Ticket) error {
	if tk.State != ticket.Human && tk.State != ticket.Closed {
		return nil
	}
	was, err := t.q.TicketMark(ctx, column(string(tk.ID)))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t.s.fail(err, "read the state of ticket "+string(tk.ID))
	}
	same := was.State == string(tk.State) && was.Severity >= int64(tk.Severity.Rank())
	if same {
		return nil
	}
	if tk.State == ticket.Closed {
		if page, err := t.PageOf(ctx, tk.ID); err != nil || page == "" {
			return err
		}
	}
	return t.Enqueue(ctx, pager.Leg, pager.TicketRef(tk.ID), time.Time{})
}
