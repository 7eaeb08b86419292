package app

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/store"
)

const (
	legCorrelate = "correlate" // ref: the number of a shard

	// shards is how many parts the windows of correlations are in; each is in the hands of one process at a time. It must not
	// change while there are windows in the store.
	shards = 16
	// Of each shard, so that one process can have all of them: 256 MiB.
	shardBytes  = 16 << 20
	shardGroups = 1 << 16
	// atOnce is how many hits are taken up in one transaction.
	atOnce = 500
	// lookAgain is how long a shard with open windows waits for hits before it looks whether a window has ended.
	lookAgain = time.Minute
)

func shardLimits() correlate.Options {
	return correlate.Options{MaxBytes: shardBytes, MaxGroups: shardGroups, Rows: true}
}

// windows are the shards that this process has in memory. The store has the truth; see store.SaveShard.
type windows [shards]struct {
	sync.Mutex
	knowledge *Knowledge // that the machine was made by
	version   int64
	machine   *correlate.Machine // nil: it has to be loaded
	stale     []correlate.Row    // rows of correlations that are gone, to be deleted
}

// addHits keeps what matches mean to correlations, each part for its shard.
func (k *Knowledge) addHits(ctx context.Context, tx *store.Tx, hits []correlate.Hit, now time.Time) error {
	if len(hits) == 0 {
		return nil
	}
	for shard := range shards {
		mine := k.Shards.Keep(hits, shard)
		for _, h := range mine {
			if err := tx.AddHit(ctx, shard, h); err != nil {
				return err
			}
		}
		if len(mine) > 0 {
			if err := tx.Enqueue(ctx, legCorrelate, strconv.Itoa(shard), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// hits are what the matches of an event mean to correlations.
func (k *Knowledge) hits(e *event.Event, matches []detect.Match) []correlate.Hit {
	return k.Follow.Hits(e, matches, func() string { return follow.GlimpseOf(e) })
}

// correlate is the durable leg that takes up the hits of a shard and tells what came of them. Its findings are written before
// its windows: when it is killed in between, the same hits come once more to the same windows, and telling the same is once.
func (h *House) correlate(ctx context.Context, ref string) (time.Time, error) {
	shard, err := strconv.Atoi(ref)
	if err != nil || shard < 0 || shard >= shards {
		return time.Time{}, fault.New(fault.Invalid, "%q is no shard of correlations", ref)
	}
	w := &h.windows[shard]
	w.Lock()
	defer w.Unlock()
	k, now := h.knowledge.Load(), h.clock.Now()
	waiting, marks, err := h.loadShard(ctx, shard, k)
	if err != nil {
		return time.Time{}, err
	}
	fired := append(w.machine.Take(waiting.Hits), w.machine.Advance(marks)...)
	held, _ := w.machine.Size()
	if err := h.settleShard(ctx, shard, waiting, fired, now); err != nil {
		w.machine = nil // it is ahead of the store
		return time.Time{}, err
	}
	switch {
	case waiting.More:
		return now, nil
	case held > 0:
		return now.Add(lookAgain), nil
	}
	return time.Time{}, nil
}

// loadShard sees to it that the machine is the store's, and reads what there is for it.
func (h *House) loadShard(ctx context.Context, shard int, k *Knowledge) (waiting store.Waiting, marks []correlate.Mark, err error) {
	w := &h.windows[shard]
	err = h.store.View(ctx, func(tx *store.Tx) error {
		version, err := tx.ShardVersion(ctx, shard)
		if err != nil {
			return err
		}
		if w.machine == nil || w.version != version || w.knowledge != k {
			rows, err := tx.Windows(ctx, shard)
			if err != nil {
				return err
			}
			machine, drops, err := correlate.Load(k.Follow.Specs(), shardLimits(), rows)
			if err != nil {
				return err
			}
			w.machine, w.version, w.knowledge, w.stale = machine, version, k, h.dropped(drops, rows)
		}
		if waiting, err = tx.Hits(ctx, shard, atOnce); err != nil {
			return err
		}
		marks, err = tx.Marks(ctx)
		return err
	})
	return waiting, h.ours(marks), err
}

// dropped gives the deletions of the rows of correlations that have changed or are gone.
func (h *House) dropped(drops []correlate.Drop, rows []correlate.Row) (out []correlate.Row) {
	for _, d := range drops {
		h.log.Warn("the windows of a correlation begin anew", "correlation", d.Correlation, "why", d.Why, "groups", d.Groups)
		for _, r := range rows {
			if r.Correlation == d.Correlation && r.Correlation != "" {
				out = append(out, correlate.Row{Correlation: r.Correlation, ID: r.ID})
			}
		}
	}
	return out
}

// ours leaves out the marks of queues that are not read any more: nobody waits for them.
func (h *House) ours(marks []correlate.Mark) (out []correlate.Mark) {
	for _, m := range marks {
		for _, q := range append(h.config.Sources.EventBridge, h.config.Sources.S3...) {
			if q.URL == m.Source {
				out = append(out, m)
				break
			}
		}
	}
	return out
}

// settleShard writes down what came out, and then how things stand.
func (h *House) settleShard(ctx context.Context, shard int, waiting store.Waiting, fired []correlate.Firing, now time.Time) error {
	w := &h.windows[shard]
	var found []finding.Finding
	for _, x := range fired {
		if w.knowledge.Follow.Silent(x.Correlation) {
			continue
		}
		f, err := w.knowledge.Follow.Finding(x, now)
		if err != nil {
			return err
		}
		found = append(found, w.knowledge.scoped(f)...)
	}
	if err := h.triager.Report(ctx, found, now); err != nil {
		return fmt.Errorf("write findings of correlations down: %w", err)
	}
	for _, l := range w.machine.Losses() {
		h.log.Warn("a correlation could not use everything", "correlation", l.Correlation, "kind", string(l.Kind), "why", l.Why)
	}
	changed := append(w.stale, w.machine.Dirty()...)
	if len(changed) == 0 && len(waiting.IDs) == 0 {
		return nil
	}
	err := h.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveShard(ctx, shard, w.version, changed, waiting.IDs) })
	if err != nil {
		return err
	}
	w.version++
	w.stale = nil
	for _, f := range found {
		h.metrics.Finding(string(f.Kind), string(f.Severity))
	}
	return nil
}

// scoped is the finding as it counts in its account; nothing when it does not.
func (k *Knowledge) scoped(f finding.Finding) []finding.Finding {
	m, ok := k.Scopes.Match(detect.Match{Rule: &detect.Rule{ID: f.By, Level: f.Severity}}, f.Account)
	if !ok {
		return nil
	}
	f.Severity = m.Rule.Level
	return []finding.Finding{f}
}
