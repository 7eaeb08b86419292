package app

import (
	"context"
	"sync"
	"time"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

// markEvery is how often it is written down how far a queue has come. What is not written yet only makes windows wait longer.
const markEvery = 10 * time.Second

// progress is what this process has last written down of each queue.
type progress struct {
	sync.Mutex
	marks map[string]written
}

type written struct {
	correlate.Mark
	at time.Time
}

// due notes that a queue has come as far as a mark says, and reports whether to write that down. A queue that falls idle or
// wakes up is written at once.
func (p *progress) due(m correlate.Mark, now time.Time) bool {
	p.Lock()
	defer p.Unlock()
	last, known := p.marks[m.Source]
	if known && last.Idle == m.Idle && now.Sub(last.at) < markEvery {
		return false
	}
	if p.marks == nil {
		p.marks = map[string]written{}
	}
	p.marks[m.Source] = written{m, now}
	return true
}

// progress notes, in the transaction of what follows from events, how far their queue has come. Nothing comes from the future.
func (h *House) progress(ctx context.Context, queue string, events []*event.Event) func(*store.Tx) error {
	now := h.clock.Now()
	mark := correlate.Mark{Source: queue}
	for _, e := range events {
		if at := e.Time; at.After(mark.Seen) && !at.After(now) {
			mark.Seen = at
		}
	}
	if mark.Seen.IsZero() || !h.marks.due(mark, now) {
		return nil
	}
	return func(tx *store.Tx) error { return tx.SaveMark(ctx, mark) }
}

// idle notes that a queue has nothing to give: what happened until now and can come has come, but for what is late.
func (h *House) idle(ctx context.Context, queue string) {
	mark := correlate.Mark{Source: queue, Seen: h.clock.Now(), Idle: true}
	if !h.marks.due(mark, mark.Seen) {
		return
	}
	if err := h.store.Update(ctx, func(tx *store.Tx) error { return tx.SaveMark(ctx, mark) }); err != nil && ctx.Err() == nil {
		h.log.Warn("how far a queue has come is not written down; windows wait for the next time", "queue", queue, "error", err)
	}
}
