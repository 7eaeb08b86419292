package triage

import (
	"context"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

// waived settles a belief that somebody has approved for some time, and closes its ticket when nothing else is on it. That it is
// waived is no finding: one that was never made is not made now. One that was settled counts as settled until now, so that what
// comes back when the approval ends occurred then.
func (t *Triager) waived(ctx context.Context, tx Tx, w Waived, now time.Time) error {
	f, ok, err := tx.Finding(ctx, w.Finding)
	if err != nil || !ok {
		return err
	}
	before := f.State
	f.State, f.Settled, f.Note = finding.Done, now, w.Note
	if before == finding.Done {
		return tx.SaveFinding(ctx, f)
	}
	return t.over(ctx, tx, f, ending{
		line:   ticket.Entry{At: now, Actor: actor, Kind: "waived", Text: f.Title + ": " + w.Note},
		reason: w.Note, agreed: true,
	})
}
