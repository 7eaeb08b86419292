package store

import (
	"context"
	"time"

	"jobzero/internal/principal/lineage"
	"jobzero/internal/store/db"
)

// SaveSessions keeps what records said of credentials. Twice is once.
func (t *Tx) SaveSessions(ctx context.Context, rows []lineage.Row, now time.Time) error {
	for _, r := range rows {
		err := t.q.SaveSession(ctx, db.SaveSessionParams{ID: column(r.ID), UntilAt: stamp(r.Until), SavedAt: stamp(now), Doc: plain(string(r.State))})
		if err != nil {
			return t.s.fail(err, "save the session of "+r.ID)
		}
	}
	return nil
}

// SessionMark is how far somebody has read the sessions. The zero value is before the first.
type SessionMark struct {
	Saved time.Time
	ID    string
}

// SessionsAfter gives the sessions behind a mark in the order in which they were saved, at most so many, and the mark of the last.
func (t *Tx) SessionsAfter(ctx context.Context, m SessionMark, limit int) ([]lineage.Row, SessionMark, error) {
	rows, err := t.q.SessionsAfter(ctx, db.SessionsAfterParams{SavedAt: stamp(m.Saved), ID: column(m.ID), Most: most(limit)})
	out := make([]lineage.Row, len(rows))
	for i, r := range rows {
		out[i] = lineage.Row{ID: r.ID, Until: instant(r.UntilAt), State: []byte(r.Doc)}
		m = SessionMark{instant(r.SavedAt), r.ID}
	}
	return out, m, t.s.fail(err, "read sessions")
}

// PruneSessions forgets the sessions that ended before a time.
func (s *Store) PruneSessions(ctx context.Context, before time.Time) (int, error) {
	return s.count(ctx, "forget old sessions", func(t *Tx) (int64, error) { return t.q.PruneSessions(ctx, stamp(before)) })
}
