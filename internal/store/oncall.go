package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store/db"
)

// AddChange keeps a change of a rota, for ever. One of an ID is never changed.
func (t *Tx) AddChange(ctx context.Context, c oncall.Change) error {
	doc, err := encode("change "+c.ID+" of a rota", c)
	if err != nil {
		return err
	}
	row := db.OncallChange{
		ID: column(c.ID), Kind: column(string(c.Kind)), Rota: column(c.Rota), Person: column(c.By), MadeAt: stamp(c.At), EndsAt: stamp(c.Ends()), Doc: doc,
	}
	n, err := t.q.AddOncallChange(ctx, db.AddOncallChangeParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "keep change "+c.ID+" of a rota")
	case n == 0:
		return fault.New(fault.Conflict, "there is a change %s of a rota already", c.ID)
	}
	t.seal(changeName(row), changeSum(row))
	return nil
}

// Changes gives what was changed in a rota, and everybody's leave, as far as it is not over at a time; of no rota that of all. The earliest first.
func (t *Tx) Changes(ctx context.Context, rota string, after time.Time) ([]oncall.Change, error) {
	docs, err := t.q.OncallChanges(ctx, db.OncallChangesParams{After: stamp(after), Rota: column(rota)})
	if err != nil {
		return nil, t.s.fail(err, "read the changes of rotas")
	}
	return decodeAll[oncall.Change]("a change of a rota", docs)
}

func changeName(r db.OncallChange) string { return "oncall_change " + r.ID }

func changeSum(r db.OncallChange) string {
	return rowSum(changeName(r), r.Kind, r.Rota, r.Person, r.MadeAt, r.EndsAt, r.Doc)
}

func changeRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedOncallChanges(ctx, db.SealedOncallChangesParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{changeName(r.OncallChange), r.OncallChange.ID, changeSum(r.OncallChange), r.Chained}
	}
	return out, err
}

// AddTell keeps what somebody has to be told, once.
func (t *Tx) AddTell(ctx context.Context, x handoff.Tell) error {
	doc, err := encode("what to tell "+x.Person, x)
	if err != nil {
		return err
	}
	err = t.q.AddOncallTell(ctx, db.AddOncallTellParams{TellKey: column(x.Key), Person: column(x.Person), DueAt: stamp(x.At), Doc: doc})
	return t.s.fail(err, "keep what to tell "+x.Person)
}

// Tells lists what people have to be told, the newest first; waiting: only what nobody has sent yet.
func (t *Tx) Tells(ctx context.Context, waiting bool, limit int) ([]handoff.Tell, error) {
	var only int32
	if waiting {
		only = 1
	}
	rows, err := t.q.OncallTells(ctx, db.OncallTellsParams{Waiting: only, Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "read what people have to be told")
	}
	out := make([]handoff.Tell, len(rows))
	for i, r := range rows {
		if out[i], err = decode[handoff.Tell]("what to tell somebody", r.Doc); err != nil {
			return nil, err
		}
		out[i].Told = instant(r.ToldAt)
	}
	return out, nil
}

// MarkTold notes that somebody was told.
func (t *Tx) MarkTold(ctx context.Context, key string, at time.Time) error {
	_, err := t.q.MarkOncallTold(ctx, db.MarkOncallToldParams{TellKey: column(key), ToldAt: stamp(at)})
	return t.s.fail(err, "note that somebody was told")
}

// Handoff gives a handoff, or fault.NotFound.
func (t *Tx) Handoff(ctx context.Context, id handoff.ID) (handoff.Handoff, error) {
	doc, err := t.q.Handoff(ctx, column(string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return handoff.Handoff{}, fault.New(fault.NotFound, "there is no handoff %s", id)
	}
	if err != nil {
		return handoff.Handoff{}, t.s.fail(err, "read handoff "+string(id))
	}
	return decode[handoff.Handoff]("handoff "+string(id), doc)
}

// SaveHandoff keeps a handoff. Its version is one more than that of the row, or 1 for a new one; fault.Conflict says that the row moved on.
func (t *Tx) SaveHandoff(ctx context.Context, h handoff.Handoff) error {
	doc, err := encode("handoff "+string(h.ID), h)
	if err != nil {
		return err
	}
	row := db.Handoff{
		ID: column(string(h.ID)), Rota: column(h.Rota), State: column(string(h.State)), DueAt: stamp(h.Due), Version: h.Version, Doc: doc,
	}
	n, err := t.q.SaveHandoff(ctx, db.SaveHandoffParams(row))
	switch {
	case err != nil:
		return t.s.fail(err, "save handoff "+string(h.ID))
	case n == 0:
		return fault.New(fault.Conflict, "handoff %s was changed in between: read again", h.ID)
	}
	t.seal(handoffName(row), handoffSum(row))
	return nil
}

// Handoffs lists the handoffs of a rota, of no rota those of all, that are due until a time; zero: all. The newest first.
func (t *Tx) Handoffs(ctx context.Context, rota string, states []handoff.State, until time.Time, limit int) ([]handoff.Handoff, error) {
	by := stamp(until)
	if until.IsZero() {
		by = 1<<63 - 1
	}
	docs, err := t.q.Handoffs(ctx, db.HandoffsParams{Rota: column(rota), States: words(states), Until: by, Most: most(limit)})
	if err != nil {
		return nil, t.s.fail(err, "list handoffs")
	}
	return decodeAll[handoff.Handoff]("a handoff", docs)
}

func handoffName(r db.Handoff) string { return "handoff " + r.ID }

func handoffSum(r db.Handoff) string {
	return rowSum(handoffName(r), r.Rota, r.State, r.DueAt, r.Version, r.Doc)
}

func handoffRows(ctx context.Context, t *Tx, after string) ([]row, error) {
	all, err := t.q.SealedHandoffs(ctx, db.SealedHandoffsParams{After: after, Most: auditPage})
	out := make([]row, len(all))
	for i, r := range all {
		out[i] = row{handoffName(r.Handoff), r.Handoff.ID, handoffSum(r.Handoff), r.Chained}
	}
	return out, err
}
