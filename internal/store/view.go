package store

import (
	"context"

	"jobzero/internal/store/db"
	"jobzero/internal/ticket"
)

// SavedViews are the filters of a person, by name.
func (t *Tx) SavedViews(ctx context.Context, who string) ([]ticket.View, error) {
	rows, err := t.q.Views(ctx, column(who))
	var out []ticket.View
	for _, r := range rows {
		out = append(out, ticket.View(r))
	}
	return out, t.s.fail(err, "read the views of "+who)
}

// SaveView keeps one, in the place of another of that name.
func (t *Tx) SaveView(ctx context.Context, who string, v ticket.View) error {
	return t.s.fail(t.q.SaveView(ctx, db.SaveViewParams{Who: column(who), Name: column(v.Name), Query: column(v.Query)}), "save a view of "+who)
}

// DropView forgets one; one that there is not is forgotten.
func (t *Tx) DropView(ctx context.Context, who, name string) error {
	return t.s.fail(t.q.DropView(ctx, db.DropViewParams{Who: column(who), Name: column(name)}), "forget a view of "+who)
}
