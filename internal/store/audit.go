package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

const auditPage = 500

// CheckAudit walks the chain, every timeline and the rows beside them that are in the chain, and names the first row that was edited, removed or put in.
// Somebody who can write all rows can cut off the end of everything at once and shorten the tickets to match: that shows only
// against a checkpoint kept outside.
func (t *Tx) CheckAudit(ctx context.Context) error {
	if err := t.checkChain(ctx); err != nil {
		return err
	}
	if err := t.checkTimelines(ctx); err != nil {
		return err
	}
	if err := t.checkRows(ctx); err != nil {
		return err
	}
	e, err := t.q.UnlinkedEntry(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return t.s.fail(err, "look for entries outside the chain")
	}
	return fault.New(fault.Conflict, "ticket %s: the link of entry %d was removed from the chain, or the entry was put in", e.Ticket, e.Seq)
}

func (t *Tx) checkChain(ctx context.Context) error {
	var last ticket.Link
	for {
		rows, err := t.q.LinksAfter(ctx, db.LinksAfterParams{Seq: last.Seq, Most: auditPage})
		if err != nil {
			return t.s.fail(err, "read the chain of tickets")
		}
		for _, r := range rows {
			if err := checkLink(r, &last); err != nil {
				return err
			}
		}
		if len(rows) < auditPage {
			return nil
		}
	}
}

func checkLink(r db.LinksAfterRow, last *ticket.Link) error {
	l := ticket.Link{Seq: r.Seq, Ticket: ticket.ID(r.Ticket), Entry: int(r.Entry), Row: r.RowKey, Head: r.Head, Prev: r.Prev, Hash: r.Hash}
	switch {
	case l.Seq != last.Seq+1:
		return fault.New(fault.Conflict, "chain of tickets: link %d was removed", last.Seq+1)
	case !l.Holds(*last):
		return fault.New(fault.Conflict, "chain of tickets: link %d (%s) was edited", l.Seq, l.About())
	case l.Row != "": // held against the row itself
	case r.TicketID == "":
		return fault.New(fault.Conflict, "ticket %s was removed", l.Ticket)
	case r.EntryHash == "":
		return fault.New(fault.Conflict, "ticket %s: entry %d was removed", l.Ticket, l.Entry)
	case r.EntryHash != l.Head:
		return fault.New(fault.Conflict, "ticket %s: entry %d was edited", l.Ticket, l.Entry)
	}
	*last = l
	return nil
}

func (t *Tx) checkTimelines(ctx context.Context) error {
	after := ""
	for {
		rows, err := t.q.TicketsAfter(ctx, db.TicketsAfterParams{ID: after, Most: auditPage})
		if err != nil {
			return t.s.fail(err, "read tickets")
		}
		for _, r := range rows {
			if err := t.checkTimeline(ctx, r); err != nil {
				return err
			}
			after = r.ID
		}
		if len(rows) < auditPage {
			return nil
		}
	}
}

func (t *Tx) checkTimeline(ctx context.Context, r db.TicketsAfterRow) error {
	tk, err := decode[ticket.Ticket]("ticket "+r.ID, r.Doc)
	if err != nil {
		return err
	}
	if int64(tk.Entries) != r.Entries || tk.Head != r.Head || column(string(tk.ID)) != r.ID {
		return fault.New(fault.Conflict, "ticket %s: its row was edited", r.ID)
	}
	entries, err := t.q.Timeline(ctx, r.ID)
	if err != nil {
		return t.s.fail(err, "read the timeline of ticket "+r.ID)
	}
	line := make([]ticket.Entry, len(entries))
	for i, row := range entries {
		if line[i], err = decode[ticket.Entry]("an entry of ticket "+r.ID, row.Doc); err != nil {
			return err
		}
		if e := line[i]; e.Hash != row.Hash || int64(e.Seq) != row.Seq || e.Ticket != tk.ID {
			return fault.New(fault.Conflict, "ticket %s: entry %d was edited", r.ID, row.Seq)
		}
	}
	if err := ticket.Check(line); err != nil {
		return err
	}
	switch {
	case len(line) < tk.Entries:
		return fault.New(fault.Conflict, "ticket %s: entry %d was removed", r.ID, len(line)+1)
	case len(line) > tk.Entries:
		return fault.New(fault.Conflict, "ticket %s: entry %d was put in", r.ID, tk.Entries+1)
	case len(line) > 0 && line[len(line)-1].Hash != tk.Head:
		return fault.New(fault.Conflict, "ticket %s: its head is not that of entry %d", r.ID, len(line))
	}
	return nil
}

// checkRows holds the rows beside the timelines against what the chain has of them last.
func (t *Tx) checkRows(ctx context.Context) error {
	rows := int64(0)
	for _, b := range tables() {
		err := b.each(ctx, t, func(r row) error {
			rows++
			switch {
			case r.chained == "":
				return fault.New(fault.Conflict, "%s was put in", r.name)
			case r.chained != r.sum:
				return fault.New(fault.Conflict, "%s was edited", r.name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	named, err := t.q.CountRowNames(ctx)
	if err != nil {
		return t.s.fail(err, "count the rows of the chain")
	}
	if named == rows { // each row is in the chain, so that none of the chain is missing
		return nil
	}
	return t.checkRemoved(ctx)
}

// checkRemoved names the first row of the chain that is there no more.
func (t *Tx) checkRemoved(ctx context.Context) error {
	after := ""
	for {
		names, err := t.q.RowNames(ctx, db.RowNamesParams{After: after, Most: auditPage})
		if err != nil {
			return t.s.fail(err, "read the rows of the chain")
		}
		for _, name := range names {
			kind, key, _ := strings.Cut(name, " ")
			i := slices.IndexFunc(tables(), func(b table) bool { return b.name == kind })
			if i < 0 {
				return fault.New(fault.Conflict, "%s is in the chain, and of a table that this version does not know", name)
			}
			if err := tables()[i].has(ctx, t, key); missing(err) {
				return fault.New(fault.Conflict, "%s was removed", name)
			} else if err != nil {
				return t.s.fail(err, "read "+name)
			}
			after = name
		}
		if len(names) < auditPage {
			return nil
		}
	}
}
