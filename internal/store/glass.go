package store

import (
	"context"
	"database/sql"
	"errors"

	"jobzero/internal/fault"
	"jobzero/internal/glass"
	"jobzero/internal/store/db"
)

// mostDeeds is how many events of one use are kept, of some 300 bytes each; more are counted.
const mostDeeds = 10_000

// Glass gives one use of break-glass, or fault.NotFound.
func (t *Tx) Glass(ctx context.Context, id glass.ID) (glass.Use, error) {
	row, err := t.q.Glass(ctx, column(string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return glass.Use{}, fault.New(fault.NotFound, "there is no use of break-glass %s", id)
	}
	if err != nil {
		return glass.Use{}, t.s.fail(err, "read break-glass "+string(id))
	}
	u, err := decode[glass.Use]("break-glass "+string(id), row.Doc)
	u.Beyond = int(row.Beyond)
	return u, err
}

// SaveGlass keeps a use. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SaveGlass(ctx context.Context, u glass.Use) error {
	doc, err := encode("break-glass "+string(u.ID), u)
	if err != nil {
		return err
	}
	row := db.Glass{
		ID: column(string(u.ID)), State: column(string(u.State)), Account: column(u.Account), Role: column(u.Role), Person: column(u.Person),
		Version: u.Version, Doc: doc,
	}
	n, err := t.q.SaveGlass(ctx, db.SaveGlassParams{
		ID: row.ID, State: row.State, Account: row.Account, Role: row.Role, Person: row.Person, Version: row.Version, Doc: row.Doc,
	})
	switch {
	case err != nil:
		return t.s.fail(err, "save break-glass "+string(u.ID))
	case n == 0:
		return fault.New(fault.Conflict, "break-glass %s was changed in between: read again", u.ID)
	}
	t.seal("glass "+row.ID, glassSum(row))
	return nil
}

// Glasses lists uses, the newest first.
func (t *Tx) Glasses(ctx context.Context, states []glass.State, account string, limit int) ([]glass.Use, error) {
	rows, err := t.q.Glasses(ctx, db.GlassesParams{States: words(states), Account: column(account), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list uses of break-glass")
	}
	out := make([]glass.Use, len(rows))
	for i, r := range rows {
		if out[i], err = decode[glass.Use]("break-glass", r.Doc); err != nil {
			return nil, err
		}
		out[i].Beyond = int(r.Beyond)
	}
	return out, nil
}

// SaveDeed keeps an event of a session of a use, once, unless there is no such use of that role in that account: the name of a session is
// what its maker says.
func (t *Tx) SaveDeed(ctx context.Context, id glass.ID, d glass.Deed) error {
	row, err := t.q.Glass(ctx, column(string(id)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (row.Role != column(d.Role) || row.Account != column(d.Of)) {
		return nil
	}
	if err != nil {
		return t.s.fail(err, "read break-glass "+string(id))
	}
	if row.Events >= mostDeeds {
		err := t.q.CountGlassEvents(ctx, db.CountGlassEventsParams{Beyond: 1, ID: column(string(id))})
		return t.s.fail(err, "count an event of break-glass "+string(id))
	}
	doc, err := encode("an event of break-glass "+string(id), d)
	if err != nil {
		return err
	}
	n, err := t.q.AddGlassEvent(ctx, db.AddGlassEventParams{Glass: column(string(id)), Event: column(d.Event), At: stamp(d.At), Doc: doc})
	if err == nil && n > 0 {
		err = t.q.CountGlassEvents(ctx, db.CountGlassEventsParams{Kept: n, ID: column(string(id))})
	}
	return t.s.fail(err, "keep an event of break-glass "+string(id))
}

// Deeds gives what is kept of what was done in the sessions of a use, oldest first.
func (t *Tx) Deeds(ctx context.Context, id glass.ID, limit int) ([]glass.Deed, error) {
	docs, err := t.q.GlassEvents(ctx, db.GlassEventsParams{Glass: column(string(id)), Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read what was done in break-glass "+string(id))
	}
	return decodeAll[glass.Deed]("an event of break-glass", docs)
}
