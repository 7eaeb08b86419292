package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/expect/standing"
	"jobzero/internal/store/db"
)

// SaveScores replaces what was counted of an account on a day.
func (t *Tx) SaveScores(ctx context.Context, day time.Time, account string, scores []standing.Score, at time.Time) error {
	if err := t.q.DropScores(ctx, db.DropScoresParams{DayAt: stamp(day), Account: column(account)}); err != nil {
		return t.s.fail(err, "count anew what resources of "+account+" came to")
	}
	for _, s := range scores {
		err := t.q.SaveScore(ctx, db.SaveScoreParams{
			DayAt: stamp(day), Expectation: column(s.Expectation), Account: column(account), Team: column(s.Team),
			Pass: int64(s.Pass), Fail: int64(s.Fail), Unknown: int64(s.Unknown), Waived: int64(s.Waived), FoldedAt: stamp(at),
		})
		if err != nil {
			return t.s.fail(err, "keep what resources of "+account+" came to")
		}
	}
	return nil
}

// DropStaleScores forgets what was counted on a day before a time: of accounts that have nothing any more.
func (t *Tx) DropStaleScores(ctx context.Context, day, before time.Time) error {
	err := t.q.DropStaleScores(ctx, db.DropStaleScoresParams{DayAt: stamp(day), FoldedAt: stamp(before)})
	return t.s.fail(err, "forget what is counted no more")
}

// PruneScores forgets days before a time.
func (s *Store) PruneScores(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget old scores", func(t *Tx) (int64, error) { return t.q.PruneScores(ctx, stamp(before)) })
}

// Scored gives the first expectation after another one of which anything was counted, false when there is none.
func (t *Tx) Scored(ctx context.Context, after string) (string, bool, error) {
	id, err := t.q.ScoredNext(ctx, after)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return id, err == nil, t.s.fail(err, "list what was counted")
}

// Scores gives what an expectation came to since a day, by day, account and team. An empty account or team is any.
func (t *Tx) Scores(ctx context.Context, of standing.Group, since time.Time) ([]standing.Score, error) {
	rows, err := t.q.ScoresOf(ctx, db.ScoresOfParams{Expectation: column(of.Expectation), DayAt: stamp(since), Account: column(of.Account), Team: column(of.Team)})
	out := make([]standing.Score, len(rows))
	for i, r := range rows {
		out[i] = standing.Score{
			Group: standing.Group{Expectation: r.Expectation, Account: r.Account, Team: r.Team}, Day: instant(r.DayAt),
			Count: standing.Count{Pass: int(r.Pass), Fail: int(r.Fail), Unknown: int(r.Unknown), Waived: int(r.Waived)},
		}
	}
	return out, t.s.fail(err, "read what "+of.Expectation+" came to")
}

// SweepOf gives how far a list was swept; its zero value when it never was.
func (t *Tx) SweepOf(ctx context.Context, place string) (standing.Sweep, error) {
	r, err := t.q.SweepOf(ctx, column(place))
	if errors.Is(err, sql.ErrNoRows) {
		return standing.Sweep{Place: place}, nil
	}
	return sweepOf(r), t.s.fail(err, "look how far "+place+" was swept")
}

func sweepOf(r db.Sweep) standing.Sweep {
	return standing.Sweep{
		Place: r.Place, Began: instant(r.BeganAt), Done: instant(r.DoneAt), Cursor: r.Cursor, Judges: r.Judges, Listed: int(r.Listed),
	}
}

// Sweeps gives how far lists were swept, by their places, after one.
func (t *Tx) Sweeps(ctx context.Context, after string, limit int) ([]standing.Sweep, error) {
	found, err := t.q.Sweeps(ctx, db.SweepsParams{After: after, Most: most(limit)})
	out := make([]standing.Sweep, len(found))
	for i, r := range found {
		out[i] = sweepOf(r)
	}
	return out, t.s.fail(err, "list how far lists were swept")
}

// SaveSweep keeps how far a list was swept.
func (t *Tx) SaveSweep(ctx context.Context, s standing.Sweep) error {
	err := t.q.SaveSweep(ctx, db.SaveSweepParams{
		Place: column(s.Place), BeganAt: stamp(s.Began), DoneAt: stamp(s.Done), Cursor: plain(s.Cursor), Judges: s.Judges, Listed: int64(s.Listed),
	})
	return t.s.fail(err, "keep how far "+s.Place+" was swept")
}

// RestartSweep has a sweep that is under way begin anew.
func (t *Tx) RestartSweep(ctx context.Context, place string) error {
	return t.s.fail(t.q.RestartSweep(ctx, column(place)), "have "+place+" swept from its beginning")
}
