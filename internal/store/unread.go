package store

import (
	"context"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store/db"
)

// AddUnread remembers that a thing could not be read, and the finding that says so. Twice is once.
func (t *Tx) AddUnread(ctx context.Context, fp finding.Fingerprint, what string, at time.Time) error {
	err := t.q.AddUnread(ctx, db.AddUnreadParams{Fingerprint: column(string(fp)), What: column(what), SeenAt: stamp(at)})
	return t.s.fail(err, "remember that "+what+" could not be read")
}

// UnreadOf gives the findings that say that a thing could not be read.
func (t *Tx) UnreadOf(ctx context.Context, what string) ([]finding.Fingerprint, error) {
	rows, err := t.q.UnreadOf(ctx, column(what))
	out := make([]finding.Fingerprint, len(rows))
	for i, r := range rows {
		out[i] = finding.Fingerprint(r)
	}
	return out, t.s.fail(err, "look whether "+what+" could be read")
}

// DropUnread forgets that a thing could not be read and counts what is left of the finding.
func (t *Tx) DropUnread(ctx context.Context, fp finding.Fingerprint, what string) (left int, err error) {
	if err := t.q.DropUnread(ctx, db.DropUnreadParams{Fingerprint: column(string(fp)), What: column(what)}); err != nil {
		return 0, t.s.fail(err, "forget that "+what+" could not be read")
	}
	n, err := t.q.CountUnread(ctx, column(string(fp)))
	return int(n), t.s.fail(err, "count what cannot be read")
}
