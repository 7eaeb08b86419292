package store

import (
	"context"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
	"jobzero/internal/store/db"
)

// SaveHeard remembers that a kind of record was heard; First counts when it is the first.
func (t *Tx) SaveHeard(ctx context.Context, h coverage.Heard) error {
	err := t.q.SaveHeard(ctx, db.SaveHeardParams{
		Account: column(h.Account), Way: column(string(h.Way)), Log: column(string(h.Log)), Class: column(string(h.Class)),
		Service: column(h.Service), FirstAt: stamp(h.Last),
	})
	return t.s.fail(err, "remember what was heard from "+h.Account)
}

// Heard is all that was heard.
func (t *Tx) Heard(ctx context.Context) ([]coverage.Heard, error) {
	rows, err := t.q.Heard(ctx)
	out := make([]coverage.Heard, len(rows))
	for i, r := range rows {
		out[i] = coverage.Heard{
			Account: r.Account, Way: coverage.Way(r.Way), Log: event.Log(r.Log), Class: coverage.Class(r.Class), Service: r.Service,
			First: instant(r.FirstAt), Last: instant(r.LastAt),
		}
	}
	return out, t.s.fail(err, "read what was heard")
}
