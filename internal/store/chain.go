package store

import (
	"context"

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
