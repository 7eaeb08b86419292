package app

import (
	"context"
	"time"

	"jobzero/internal/expect/standing"
)

const (
	scores = "scores" // ref of the upkeep leg

	// keepScores is how long days are known, so that a year can be compared with the one before.
	keepScores = 400 * 24 * time.Hour
	// settleScores is how long after a list was swept its resources are added up: most of them have been read again by then.
	settleScores = 10 * time.Minute
	// scorePage is how many rows are in memory at once.
	scorePage = 1000
)

// fold adds up what all resources came to, account by account, and keeps it as today's.
func (h *House) fold(ctx context.Context, now time.Time) error {
	day := standing.Day(now)
	for account := ""; ; {
		var more bool
		err := h.store.View(ctx, func(tx storeTx) (err error) {
			account, more, err = tx.StandingAccount(ctx, account)
			return err
		})
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := h.foldAccount(ctx, account, day, now); err != nil {
			return err
		}
	}
	if err := h.store.Update(ctx, func(tx storeTx) error { return tx.DropStaleScores(ctx, day, now) }); err != nil {
		return err
	}
	_, err := h.store.PruneScores(ctx, day.Add(-keepScores))
	return err
}

// foldAccount adds up one account, page by page, so that nobody waits for it.
func (h *House) foldAccount(ctx context.Context, account string, day, now time.Time) error {
	var sums standing.Fold
	for after := ""; ; {
		var page []standing.Row
		err := h.store.View(ctx, func(tx storeTx) (err error) {
			page, after, err = tx.Standings(ctx, account, after, scorePage)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			sums.Add(r)
		}
		if len(page) < scorePage {
			break
		}
	}
	return h.store.Update(ctx, func(tx storeTx) error { return tx.SaveScores(ctx, day, account, sums.Scores(day), now) })
}
