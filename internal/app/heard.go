package app

import (
	"context"
	"sync"
	"time"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

// hearEvery is how often it is written down that a kind of record still comes.
const hearEvery = 10 * time.Minute

// mostHeard bounds what is remembered of kinds: services are names that strangers write.
const mostHeard = 10_000

// hearing is which kinds of records this process has written down lately.
type hearing struct {
	sync.Mutex
	last map[coverage.Heard]time.Time
}

// fresh are the kinds among the events that are due to be written down.
func (h *hearing) fresh(events []*event.Event, now time.Time) (out []coverage.Heard) {
	h.Lock()
	defer h.Unlock()
	if h.last == nil || len(h.last) > mostHeard {
		h.last = map[coverage.Heard]time.Time{}
	}
	for _, e := range events {
		class, service := coverage.ClassOf(e)
		kind := coverage.Heard{Account: e.Account, Way: coverage.Way(e.Origin.Source), Log: e.Log, Class: class, Service: service}
		if last, ok := h.last[kind]; ok && now.Sub(last) < hearEvery {
			continue
		}
		h.last[kind] = now
		kind.First, kind.Last = now, now
		out = append(out, kind)
	}
	return out
}

// also joins what is done in one transaction; nil is nothing.
func also(all ...func(*store.Tx) error) func(*store.Tx) error {
	var do []func(*store.Tx) error
	for _, f := range all {
		if f != nil {
			do = append(do, f)
		}
	}
	if len(do) == 0 {
		return nil
	}
	return func(tx *store.Tx) error {
		for _, f := range do {
			if err := f(tx); err != nil {
				return err
			}
		}
		return nil
	}
}

// overheard notes, in the transaction of what follows from events, which kinds of records came.
func (h *House) overheard(ctx context.Context, events []*event.Event, now time.Time) func(*store.Tx) error {
	fresh := h.hearing.fresh(events, now)
	if len(fresh) == 0 {
		return nil
	}
	return func(tx *store.Tx) error {
		for _, kind := range fresh {
			if err := tx.SaveHeard(ctx, kind); err != nil {
				return err
			}
		}
		return nil
	}
}
