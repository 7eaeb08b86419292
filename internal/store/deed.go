package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"jobzero/internal/access/ledger"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// folder names the one that folds for the whole organisation.
const folder = "ledger"

// AddSheaf keeps what records came to until it is folded. The same bytes twice are one sheaf.
func (t *Tx) AddSheaf(ctx context.Context, doc []byte, now time.Time) error {
	if len(doc) == 0 {
		return nil
	}
	err := t.q.AddSheaf(ctx, db.AddSheafParams{ID: digestOf(string(doc)), AddedAt: stamp(now), Doc: doc})
	return t.s.fail(err, "keep what records came to")
}

// Sheaf is one that waits, with the name to drop it by.
type Sheaf struct {
	ID  string
	Doc []byte
}

// Sheaves gives what waits, the earliest first, at most so many.
func (t *Tx) Sheaves(ctx context.Context, limit int) ([]Sheaf, error) {
	rows, err := t.q.Sheaves(ctx, most(limit))
	out := make([]Sheaf, len(rows))
	for i, r := range rows {
		out[i] = Sheaf{r.ID, r.Doc}
	}
	return out, t.s.fail(err, "read what records came to")
}

// Harvest is what some sheaves came to.
type Harvest struct {
	Was    int64 // the version of the ledger before it
	Facts  []ledger.Fact
	Leaves int              // different resources of a place that are told one by one
	Stamps []byte           // of the events
	Forget int64            // stamps of versions before this one are forgotten
	Counts map[string]int64 // to be added to those of the ledger
	Taken  []string         // sheaves that are folded
}

// LedgerVersion is how often the ledger was saved, zero when never.
func (t *Tx) LedgerVersion(ctx context.Context) (int64, error) {
	v, err := t.q.LearnerVersion(ctx, folder)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return v, t.s.fail(err, "read how often the ledger was saved")
}

// SaveLedger adds a harvest to the ledger and drops the sheaves that it is of. It is fault.Conflict when somebody else has saved the
// ledger since.
func (t *Tx) SaveLedger(ctx context.Context, h Harvest) error {
	n, err := t.q.SaveLearner(ctx, db.SaveLearnerParams{Name: folder, Was: h.Was})
	switch {
	case err != nil:
		return t.s.fail(err, "save the ledger")
	case n == 0:
		return fault.New(fault.Conflict, "the ledger was saved by another process")
	}
	if err := t.reap(ctx, h.Facts, h.Leaves); err != nil {
		return err
	}
	if len(h.Stamps) > 0 {
		if err := t.q.AddDeedSeen(ctx, db.AddDeedSeenParams{N: h.Was + 1, Stamps: h.Stamps}); err != nil {
			return t.s.fail(err, "remember which events were folded")
		}
	}
	if err := t.q.DropDeedSeen(ctx, h.Forget); err != nil {
		return t.s.fail(err, "forget which events were folded")
	}
	for name, n := range h.Counts {
		if err := t.q.AddDeedCount(ctx, db.AddDeedCountParams{Name: column(name), N: n}); err != nil {
			return t.s.fail(err, "count what became of records")
		}
	}
	for _, id := range h.Taken {
		if _, err := t.q.DropSheaf(ctx, id); err != nil {
			return t.s.fail(err, "drop what is folded")
		}
	}
	return nil
}

// Stamps are those of the events that were folded with one version of the ledger.
type Stamps struct {
	Version int64
	Doc     []byte
}

// LedgerStamps gives what is remembered of the events that were folded, the earliest first.
func (t *Tx) LedgerStamps(ctx context.Context) ([]Stamps, error) {
	rows, err := t.q.DeedSeen(ctx)
	out := make([]Stamps, len(rows))
	for i, r := range rows {
		out[i] = Stamps{r.N, r.Stamps}
	}
	return out, t.s.fail(err, "read which events were folded")
}

// LedgerCounts says what became of records, by what they came to.
func (t *Tx) LedgerCounts(ctx context.Context) (map[string]int64, error) {
	rows, err := t.q.DeedCounts(ctx)
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Name] = r.N
	}
	return out, t.s.fail(err, "read what became of records")
}

// Forgotten is the count of uses that are too long ago to be told.
const Forgotten = "forgotten"

// PruneLedger forgets the days before one, and counts their uses.
func (s *Store) PruneLedger(ctx context.Context, before uint32) (int, error) {
	return s.count(ctx, "forget old days of the ledger", func(t *Tx) (int64, error) {
		uses, err := t.q.DeedTimes(ctx, int64(before))
		if err != nil || uses == 0 {
			return 0, err
		}
		n, err := t.q.PruneDeedDays(ctx, int64(before))
		if err != nil {
			return n, err
		}
		if err := t.q.PruneDeeds(ctx); err != nil {
			return n, err
		}
		return n, t.q.AddDeedCount(ctx, db.AddDeedCountParams{Name: Forgotten, N: uses})
	})
}
