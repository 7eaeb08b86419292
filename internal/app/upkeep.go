package app

import (
	"context"
	"errors"
	"time"

	"jobzero/internal/access/ledger"
)

const (
	legUpkeep = "upkeep" // ref: what is kept up
	sightings = "sightings"

	// keepSightings is how long it is known that an event was counted. A queue brings nothing again after 14 days, which is
	// the longest that SQS keeps a message; somebody who replays older logs has what is settled counted anew, not opened. As far as new rules look back it is known too.
	keepSightings = 30 * 24 * time.Hour
)

// planUpkeep writes down what has to be kept up, from now on.
func (h *House) planUpkeep(ctx context.Context) error {
	return errors.Join(h.later(ctx, legUpkeep, sightings, 0), h.later(ctx, legUpkeep, scores, settleScores))
}

// upkeep is the durable leg that forgets, once a day, what nobody needs any more, and adds up what resources came to.
func (h *House) upkeep(ctx context.Context, ref string) (time.Time, error) {
	now := h.clock.Now()
	if ref == scores {
		return now.Add(24 * time.Hour), h.fold(ctx, now)
	}
	n, err := h.store.PruneSightings(ctx, now.Add(-max(keepSightings, h.config.Archive.LookBack+24*time.Hour)))
	if err != nil {
		return time.Time{}, err
	}
	ended, err := h.store.PruneSessions(ctx, now.Add(-keepSessions))
	if err != nil {
		return time.Time{}, err
	}
	heard, err := h.store.PruneHeard(ctx, now.Add(-keepHeard))
	if err != nil {
		return time.Time{}, err
	}
	if _, err := h.store.PruneOurCalls(ctx, now.Add(-keepHeard)); err != nil {
		return time.Time{}, err
	}
	if _, err = h.store.PruneMemories(ctx, now); err != nil {
		return time.Time{}, err
	}
	if _, err = h.store.PrunePageWords(ctx, now.Add(-2*24*time.Hour)); err != nil { // longer than any page takes tickets
		return time.Time{}, err
	}
	if err := h.forgetVisits(ctx, now); err != nil {
		return time.Time{}, err
	}
	deeds := 0
	if days := h.config.Ledger.Days; days > 0 { // switched off, what it has stays as it is
		if deeds, err = h.store.PruneLedger(ctx, ledger.DayOf(now.AddDate(0, 0, -days))); err != nil {
			return time.Time{}, err
		}
	}
	h.log.Debug("forgotten", "sightings", n, "sessions", ended, "heard", heard, "deeds", deeds)
	return now.Add(24 * time.Hour), nil
}
