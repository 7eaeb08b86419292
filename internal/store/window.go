package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strconv"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/fault"
	"jobzero/internal/store/db"
)

// AddHit keeps a hit until the shard takes it up. The same hit twice is one.
func (t *Tx) AddHit(ctx context.Context, shard int, h correlate.Hit) error {
	doc, err := encode("hit of "+h.Rule, h)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(doc))
	err = t.q.AddHit(ctx, db.AddHitParams{Shard: int64(shard), ID: hex.EncodeToString(sum[:16]), Doc: doc})
	return t.s.fail(err, "keep a hit of "+h.Rule)
}

// Waiting are hits that a shard has not taken up, with the names to drop them by.
type Waiting struct {
	IDs  []string
	Hits []correlate.Hit
	More bool // there are more
}

// Hits gives hits that wait for a shard.
func (t *Tx) Hits(ctx context.Context, shard, limit int) (w Waiting, err error) {
	rows, err := t.q.Hits(ctx, db.HitsParams{Shard: int64(shard), Most: most(limit)})
	if err != nil {
		return w, t.s.fail(err, "read hits of shard "+strconv.Itoa(shard))
	}
	for _, r := range rows {
		h, err := decode[correlate.Hit]("hit", r.Doc)
		if err != nil {
			return w, err
		}
		w.IDs, w.Hits = append(w.IDs, r.ID), append(w.Hits, h)
	}
	w.More = limit > 0 && len(rows) == limit
	return w, nil
}

// ShardVersion is how often a shard was saved, zero when never.
func (t *Tx) ShardVersion(ctx context.Context, shard int) (int64, error) {
	v, err := t.q.ShardVersion(ctx, int64(shard))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return v, t.s.fail(err, "read shard "+strconv.Itoa(shard))
}

// Windows are the rows of a shard.
func (t *Tx) Windows(ctx context.Context, shard int) ([]correlate.Row, error) {
	rows, err := t.q.Spans(ctx, int64(shard))
	out := make([]correlate.Row, len(rows))
	for i, r := range rows {
		out[i] = correlate.Row{Correlation: r.Correlation, ID: r.ID, State: r.State}
	}
	return out, t.s.fail(err, "read the windows of shard "+strconv.Itoa(shard))
}

// SaveShard saves what has changed in a shard's windows and drops the hits that are in them now. It is fault.Conflict when
// somebody else has saved the shard since it had the version was.
func (t *Tx) SaveShard(ctx context.Context, shard int, was int64, changed []correlate.Row, taken []string) error {
	n, err := t.q.SaveShard(ctx, db.SaveShardParams{Shard: int64(shard), Was: was})
	if err != nil {
		return t.s.fail(err, "save shard "+strconv.Itoa(shard))
	}
	if n == 0 {
		return fault.New(fault.Conflict, "shard %d was saved by another process", shard)
	}
	for _, r := range changed {
		if err := t.saveWindow(ctx, shard, r); err != nil {
			return t.s.fail(err, "save a window of "+r.Correlation)
		}
	}
	for _, id := range taken {
		if err := t.q.DropHit(ctx, db.DropHitParams{Shard: int64(shard), ID: id}); err != nil {
			return t.s.fail(err, "drop a hit")
		}
	}
	return nil
}

func (t *Tx) saveWindow(ctx context.Context, shard int, r correlate.Row) error {
	if r.State == nil {
		return t.q.DropSpan(ctx, db.DropSpanParams{Shard: int64(shard), Correlation: column(r.Correlation), ID: column(r.ID)})
	}
	return t.q.SaveSpan(ctx, db.SaveSpanParams{Shard: int64(shard), Correlation: column(r.Correlation), ID: column(r.ID), State: r.State})
}

// SaveMark remembers how far a source has come. It never goes back.
func (t *Tx) SaveMark(ctx context.Context, m correlate.Mark) error {
	idle := int64(0)
	if m.Idle {
		idle = 1
	}
	err := t.q.SaveMark(ctx, db.SaveMarkParams{Source: column(m.Source), SeenAt: stamp(m.Seen), Idle: idle})
	return t.s.fail(err, "save how far "+m.Source+" has come")
}

// Marks are how far all sources have come.
func (t *Tx) Marks(ctx context.Context) ([]correlate.Mark, error) {
	rows, err := t.q.Marks(ctx)
	out := make([]correlate.Mark, len(rows))
	for i, r := range rows {
		out[i] = correlate.Mark{Source: r.Source, Seen: instant(r.SeenAt), Idle: r.Idle != 0}
	}
	return out, t.s.fail(err, "read how far the sources have come")
}
