package auth

import (
	"container/list"
	"sync"
	"time"
)

// How often somebody may fail to get in: from one source, and for one account from anywhere.
const (
	failWindow    = 15 * time.Minute
	sourceFails   = 20
	accountFails  = 50
	throttleNames = 10_000 // of whom failures are remembered; the ones that failed longest ago are forgotten first
)

// throttle counts failures in memory: a restart forgets them, and each process counts for itself.
type throttle struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // the latest failure first
}

type failures struct {
	key   string
	count int
	since time.Time
}

func newThrottle() *throttle { return &throttle{byKey: map[string]*list.Element{}, order: list.New()} }

// wait is how long a key has to wait before it may try again; 0 is not at all.
func (t *throttle) wait(key string, most int, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.byKey[key]
	if !ok {
		return 0
	}
	f, _ := e.Value.(*failures)
	left := f.since.Add(failWindow).Sub(now)
	if f.count < most || left <= 0 {
		return 0
	}
	return left
}

// failed counts a failure.
func (t *throttle) failed(key string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.byKey[key]; ok {
		f, _ := e.Value.(*failures)
		if now.Sub(f.since) >= failWindow {
			f.count, f.since = 0, now
		}
		f.count++
		t.order.MoveToFront(e)
		return
	}
	t.byKey[key] = t.order.PushFront(&failures{key, 1, now})
	for t.order.Len() > throttleNames {
		last := t.order.Back()
		f, _ := t.order.Remove(last).(*failures)
		delete(t.byKey, f.key)
	}
}
