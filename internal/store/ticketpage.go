package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// TicketPage gives one page of the tickets that are asked for, the newest first.
func (t *Tx) TicketPage(ctx context.Context, q ticket.Query) (ticket.Page, error) {
	states := slices.Compact(slices.Sorted(slices.Values(q.States)))
	if len(states) == 0 {
		states = ticket.States()
	}
	var strips []strip[db.TicketPageRow]
	for _, state := range states {
		s, err := t.ticketStrip(ctx, state, q)
		if err != nil {
			return ticket.Page{}, t.s.fail(err, "list tickets")
		}
		strips = append(strips, s)
	}
	found := merge(strips, func(r db.TicketPageRow) mark { return mark{id: r.ID} }, sized(q.Size))
	docs := make([]string, len(found.rows))
	for i, r := range found.rows {
		docs[i] = r.Doc
	}
	all, err := decodeAll[ticket.Ticket]("ticket", docs)
	return ticket.Page{Tickets: all, Next: ticket.ID(found.next.id), Cut: found.cut}, err
}

func (t *Tx) ticketStrip(ctx context.Context, state ticket.State, q ticket.Query) (s strip[db.TicketPageRow], err error) {
	before, since := highest, ""
	if !q.Until.IsZero() {
		before = bound(q.Until)
	}
	if q.After != "" {
		before = min(before, column(string(q.After)))
	}
	if !q.Since.IsZero() {
		since = bound(q.Since)
	}
	most, span := sized(q.Size)+1, int32(pageSpan)
	if q.Text != "" {
		span = wordSpan
	}
	s.found, err = t.q.TicketPage(ctx, db.TicketPageParams{
		State: column(string(state)), Before: before, Since: since, Span: span, Severity: int64(q.Severity.Rank()),
		Account: column(q.Account), Owner: column(q.Owner), Words: like(q.Text), Most: int32(most), //nolint:gosec // a page is small
	})
	if err != nil || len(s.found) == most {
		return s, err
	}
	s.low.id, err = t.q.TicketSpan(ctx, db.TicketSpanParams{State: column(string(state)), Before: before, Since: since, Span: span - 1})
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	return s, err
}

// bound is the least name of what was opened at a time or later: names of tickets begin with when that was.
func bound(at time.Time) string {
	var id ulid.ULID
	if err := id.SetTime(ulid.Timestamp(at)); err != nil { // ten thousand years from now
		return highest
	}
	return id.String()
}

// WorstTickets gives tickets of a state, the worst first, and of equals the oldest.
func (t *Tx) WorstTickets(ctx context.Context, state ticket.State, limit int) ([]ticket.Ticket, error) {
	docs, err := t.q.WorstTickets(ctx, db.WorstTicketsParams{State: column(string(state)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list the worst tickets")
	}
	return decodeAll[ticket.Ticket]("ticket", docs)
}

// searched are the words by which a ticket is found.
func searched(k ticket.Ticket) string { return cut(strings.ToLower(k.Title+" "+k.Subject), widest) }

// fillWords says of tickets from before the column which words they are found by. Where there are none it costs one look into an index.
func (s *Store) fillWords(ctx context.Context) error {
	for {
		left := 0
		err := s.Update(ctx, func(t *Tx) error {
			docs, err := t.q.TicketsWithoutWords(ctx)
			if left = len(docs); err != nil {
				return t.s.fail(err, "read older tickets")
			}
			all, err := decodeAll[ticket.Ticket]("ticket", docs)
			if err != nil {
				return err
			}
			for _, k := range all {
				if err := t.q.SetTicketWords(ctx, db.SetTicketWordsParams{ID: column(string(k.ID)), Words: searched(k)}); err != nil {
					return t.s.fail(err, "say how ticket "+string(k.ID)+" is found")
				}
			}
			return nil
		})
		if err != nil || left == 0 {
			return err
		}
	}
}

// CountTickets counts the tickets of each state, up to a bound: as many as the bound means that there may be more.
func (t *Tx) CountTickets(ctx context.Context, bound int) (map[ticket.State]int, error) {
	out := map[ticket.State]int{}
	for _, state := range ticket.States() {
		n, err := t.q.CountTickets(ctx, db.CountTicketsParams{State: column(string(state)), Most: most(bound)})
		if err != nil {
			return nil, t.s.fail(err, "count tickets")
		}
		out[state] = int(n)
	}
	return out, nil
}
