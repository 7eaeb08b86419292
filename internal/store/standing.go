package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"jobzero/internal/expect/standing"
	"jobzero/internal/resource"
	"jobzero/internal/store/db"
)

// SaveStanding keeps what a resource came to. When it was last listed is never set back.
func (t *Tx) SaveStanding(ctx context.Context, r standing.Row) error {
	waived := make([]string, len(r.Waived))
	for i, w := range r.Waived {
		waived[i] = w.Expectation + "=" + w.Waiver
	}
	region := r.Region
	if r.Type.Global() { // lists of these have none
		region = ""
	}
	err := t.q.SaveStanding(ctx, db.SaveStandingParams{
		Key: column(r.Key()), Type: column(string(r.Type)), Account: column(r.Account), Region: column(region), Owner: column(r.Owner),
		ReadAt: stamp(r.ReadAt), JudgedAt: stamp(r.JudgedAt), SweptAt: stamp(r.SweptAt), UntilAt: stamp(r.Until), Judged: int64(r.Judged()),
		Passing: strings.Join(r.Passing, " "), Failing: strings.Join(r.Failing, " "), Unknown: strings.Join(r.Unknown, " "),
		Waived: strings.Join(waived, " "), Digest: r.Digest,
	})
	return t.s.fail(err, "keep what "+r.Key()+" came to")
}

// Standing gives what a resource came to, false when it was never judged.
func (t *Tx) Standing(ctx context.Context, key string) (standing.Row, bool, error) {
	row, err := t.q.Standing(ctx, column(key))
	if errors.Is(err, sql.ErrNoRows) {
		return standing.Row{}, false, nil
	}
	return rowOf(row), err == nil, t.s.fail(err, "look what "+key+" came to")
}

// SeeStanding notes that a resource was read and is as it was.
func (t *Tx) SeeStanding(ctx context.Context, key string, at time.Time) error {
	err := t.q.SeeStanding(ctx, db.SeeStandingParams{ReadAt: stamp(at), Key: column(key)})
	return t.s.fail(err, "note that "+key+" was read")
}

// ListStanding notes that a sweep has listed a resource.
func (t *Tx) ListStanding(ctx context.Context, key string, began time.Time) error {
	err := t.q.ListStanding(ctx, db.ListStandingParams{SweptAt: stamp(began), Key: column(key)})
	return t.s.fail(err, "note that "+key+" was listed")
}

// DropStanding forgets a resource that is gone.
func (t *Tx) DropStanding(ctx context.Context, key string) error {
	return t.s.fail(t.q.DropStanding(ctx, column(key)), "forget "+key)
}

// StandingAccount gives the first account after another one that has resources, false when there is none.
func (t *Tx) StandingAccount(ctx context.Context, after string) (string, bool, error) {
	a, err := t.q.StandingAccounts(ctx, after)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return a, err == nil, t.s.fail(err, "list accounts")
}

// Standings gives a page of an account's rows, in the order of their keys, after a key; the key of the last row is where to go on.
func (t *Tx) Standings(ctx context.Context, account, after string, limit int) (rows []standing.Row, last string, err error) {
	found, err := t.q.StandingsOf(ctx, db.StandingsOfParams{Account: column(account), After: after, Most: most(limit)})
	rows, last = rowsOf(found)
	return rows, last, t.s.fail(err, "read what resources of "+account+" came to")
}

// StandingsTyped gives what the resources of one type in a place came to, by key, after one; last is the key of the last.
func (t *Tx) StandingsTyped(ctx context.Context, of resource.Ref, after string, limit int) (rows []standing.Row, last string, err error) {
	found, err := t.q.StandingsTyped(ctx, db.StandingsTypedParams{
		Account: column(of.Account), Region: column(of.Region), Type: column(string(of.Type)), After: after, Most: most(limit),
	})
	rows, last = rowsOf(found)
	return rows, last, t.s.fail(err, "list what "+string(of.Type)+" came to")
}

// StandingsWaived gives a page of the rows on which something is waived, as Standings does.
func (t *Tx) StandingsWaived(ctx context.Context, after string, limit int) (rows []standing.Row, last string, err error) {
	found, err := t.q.StandingsWaived(ctx, db.StandingsWaivedParams{After: after, Most: most(limit)})
	rows, last = rowsOf(found)
	return rows, last, t.s.fail(err, "read what is waived")
}

// StandingsMissed gives a page of the keys of a list's resources that were neither listed nor read since a sweep began.
func (t *Tx) StandingsMissed(ctx context.Context, of resource.Ref, after string, began time.Time, limit int) ([]string, error) {
	keys, err := t.q.StandingsMissed(ctx, db.StandingsMissedParams{
		Account: column(of.Account), Region: column(of.Region), Type: column(string(of.Type)), After: after, BeganAt: stamp(began), Most: most(limit),
	})
	return keys, t.s.fail(err, "look what is listed no more")
}

func rowsOf(found []db.Standing) (rows []standing.Row, last string) {
	rows = make([]standing.Row, len(found))
	for i, r := range found {
		rows[i], last = rowOf(r), r.Key
	}
	return rows, last
}

func rowOf(r db.Standing) standing.Row {
	ref := resource.Ref{Type: resource.Type(r.Type), Account: r.Account, Region: r.Region}
	if parsed, err := resource.ParseKey(r.Key); err == nil {
		ref.ID = parsed.ID
	}
	out := standing.Row{
		Ref: ref, Owner: r.Owner, ReadAt: instant(r.ReadAt), JudgedAt: instant(r.JudgedAt), SweptAt: instant(r.SweptAt), Until: instant(r.UntilAt),
		Passing: strings.Fields(r.Passing), Failing: strings.Fields(r.Failing), Unknown: strings.Fields(r.Unknown), Digest: r.Digest,
	}
	for _, w := range strings.Fields(r.Waived) {
		id, waiver, _ := strings.Cut(w, "=")
		out.Waived = append(out.Waived, standing.Waived{Expectation: id, Waiver: waiver})
	}
	return out
}
