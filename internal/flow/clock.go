package flow

import (
	"sync"
	"time"
)

// Clock tells what time it is for everything that is due. How long a process may be silent before another takes over its
// work is not: that follows the wall clock, or leaping ahead would look like a crash.
type Clock interface {
	Now() time.Time
	// Changed gets a value when the clock was set; nil when that cannot happen.
	Changed() <-chan struct{}
}

// Wall is the real clock, in UTC.
type Wall struct{}

// Now is the present instant.
func (Wall) Now() time.Time { return time.Now().UTC() }

// Changed is nil: nobody sets the real clock.
func (Wall) Changed() <-chan struct{} { return nil }

// Leap is a clock that runs like the real one and can be put forward, so that a test need not wait for what is due tomorrow.
// Make it with NewLeap.
type Leap struct {
	mu      sync.Mutex
	ahead   time.Duration
	changed chan struct{}
}

// NewLeap makes a clock that shows the real time until it is put forward.
func NewLeap() *Leap { return &Leap{changed: make(chan struct{}, 1)} }

// Now is the present instant on this clock, in UTC.
func (l *Leap) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Add(l.ahead).UTC()
}

// Advance puts the clock forward and wakes whoever waits for it.
func (l *Leap) Advance(d time.Duration) {
	l.mu.Lock()
	l.ahead += d
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// Changed gets a value after Advance.
func (l *Leap) Changed() <-chan struct{} { return l.changed }
