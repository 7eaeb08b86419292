package store

import (
	"context"

	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// Root is the first link of the chain, by which it is known from the chain of another database; zero when it is empty.
func (t *Tx) Root(ctx context.Context) (ticket.Link, error) {
	first, err := t.Links(ctx, 0, 1)
	if err != nil || len(first) == 0 {
		return ticket.Link{}, err
	}
	return first[0], nil
}

// AuditCounts are how many rows there are, by what they are.
func (t *Tx) AuditCounts(ctx context.Context) (map[string]int, error) {
	n, err := t.q.AuditCounts(ctx)
	if err != nil {
		return nil, t.s.fail(err, "count what is in the log")
	}
	return map[string]int{"tickets": int(n.Tickets), "entries": int(n.Entries), "runs": int(n.Runs), "effects": int(n.Effects)}, nil
}

// Linked is a link with its entry, which is nil where the link is not of one or the entry is gone.
type Linked struct {
	ticket.Link
	Of *ticket.Entry
}

// Exported are the links after one, up to another, with their entries: some at a time.
func (t *Tx) Exported(ctx context.Context, after, upto int64) ([]Linked, error) {
	rows, err := t.q.Exported(ctx, db.ExportedParams{After: after, Upto: upto, Most: auditPage})
	if err != nil {
		return nil, t.s.fail(err, "read the chain")
	}
	out := make([]Linked, len(rows))
	for i, r := range rows {
		out[i].Link = linkOf(r.Link)
		if r.Entry == "" {
			continue
		}
		e, err := decode[ticket.Entry]("an entry of ticket "+r.Link.Ticket, r.Entry)
		if err != nil {
			return nil, err
		}
		out[i].Of = &e
	}
	return out, nil
}
