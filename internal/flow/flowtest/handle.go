package flowtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
)

func eachOnce(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(4, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	const n = 100
	for i := range n {
		p.enqueue(t, fmt.Sprint("ref|", i), time.Time{})
	}
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == n })
	settled(t, p)
	for ref, c := range calls.calls {
		if c != 1 {
			t.Errorf("%s was handled %d times", ref, c)
		}
	}
}

// otherProcess: nobody pokes; the relay looks by itself.
func otherProcess(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	p.OnWork(func() {})
	p.enqueue(t, "x", time.Now())
	calls.waitFor(t, "x", 1)
}

func notBeforeDue(t *testing.T, p *Pair) {
	t.Helper()
	clock := flow.NewLeap()
	calls := newTally()
	due := clock.Now().Add(time.Hour)
	start(t, p, flow.Options{Clock: clock, Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		if ref == "later" && clock.Now().Before(due) {
			t.Errorf("%s was handled before it was due", ref)
		}
		calls.add(ref)
		return time.Time{}, nil
	})})
	p.enqueue(t, "later", due)
	p.enqueue(t, "now", clock.Now())
	calls.waitFor(t, "now", 1)
	clock.Advance(time.Hour)
	calls.waitFor(t, "later", 1)
}

func lookAgain(t *testing.T, p *Pair) {
	t.Helper()
	clock := flow.NewLeap()
	calls := newTally()
	start(t, p, flow.Options{Clock: clock, Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		if calls.add(ref) < 3 {
			return clock.Now().Add(24 * time.Hour), nil
		}
		return time.Time{}, nil
	})})
	p.enqueue(t, "x", clock.Now())
	for n := 1; n <= 3; n++ {
		calls.waitFor(t, "x", n)
		p.enqueue(t, fmt.Sprint("between", n), clock.Now()) // shows that the engine does not sit waiting
		calls.waitFor(t, fmt.Sprint("between", n), 1)
		if got := calls.of("x"); got != n {
			t.Errorf("handled %d times in %d days", got, n)
		}
		clock.Advance(24 * time.Hour)
	}
}

func wokenAtWork(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(2, func(_ context.Context, ref string) (time.Time, error) {
		if calls.add(ref) == 1 {
			return time.Time{}, p.Enqueue("triage", ref, time.Time{}) // committed while this run goes on
		}
		return time.Time{}, nil
	})})
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 2)
	settled(t, p)
	if n := calls.of("x"); n != 2 {
		t.Errorf("two wake-ups, %d runs", n)
	}
}

func neverTwoAtOnce(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	var inside sync.Map
	start(t, p, flow.Options{Legs: handle(4, func(_ context.Context, ref string) (time.Time, error) {
		if _, there := inside.LoadOrStore(ref, true); there {
			t.Errorf("two at once on %s", ref)
		}
		defer inside.Delete(ref)
		if n := calls.add(ref); n < 20 {
			return time.Time{}, p.Enqueue("triage", ref, time.Time{})
		}
		return time.Time{}, nil
	})})
	for _, ref := range []string{"x", "y"} {
		p.enqueue(t, ref, time.Time{})
	}
	calls.waitFor(t, "x", 20)
	calls.waitFor(t, "y", 20)
}

// sideBySide: different things are worked on at once, up to the leg's limit.
func sideBySide(t *testing.T, p *Pair) {
	t.Helper()
	var now, most atomic.Int32
	calls := newTally()
	together := make(chan struct{})
	start(t, p, flow.Options{Legs: handle(3, func(ctx context.Context, ref string) (time.Time, error) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == 3 {
			select {
			case <-together:
			default:
				close(together)
			}
		}
		select {
		case <-together:
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
		calls.add(ref)
		return time.Time{}, nil
	})})
	for i := range 12 {
		p.enqueue(t, strconv.Itoa(i), time.Time{})
	}
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == 12 })
	if m := most.Load(); m != 3 {
		t.Errorf("%d at once, the limit is 3", m)
	}
}

func tryAgain(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		if calls.add(ref) < 4 {
			return time.Time{}, fault.New(fault.Unavailable, "throttled")
		}
		return time.Time{}, nil
	})})
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 4)
	settled(t, p)
	if n := calls.of("x"); n != 4 {
		t.Errorf("%d calls", n)
	}
}

func poisoned(t *testing.T, p *Pair) {
	t.Helper()
	calls, told := newTally(), newTally()
	start(t, p, flow.Options{
		MaxAttempts: 3,
		Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
			calls.add(ref)
			if ref == "invalid" {
				return time.Time{}, fmt.Errorf("step: %w", fault.New(fault.Invalid, "bad text"))
			}
			return time.Time{}, errors.New("always")
		}),
		Poisoned: func(_ context.Context, leg, ref string, cause error) error {
			if leg != "triage" || cause == nil {
				t.Errorf("poisoned: leg %q, cause %v", leg, cause)
			}
			if told.add(ref) == 1 && ref == "deaf" {
				return errors.New("nobody listens")
			}
			return nil
		},
	})
	for _, ref := range []string{"invalid", "always", "deaf"} {
		p.enqueue(t, ref, time.Time{})
	}
	told.waitFor(t, "invalid", 1)
	told.waitFor(t, "always", 1)
	told.waitFor(t, "deaf", 2) // until somebody does
	settled(t, p)
	for ref, want := range map[string]int{"invalid": 1, "always": 3, "deaf": 4} {
		if n := calls.of(ref); n != want {
			t.Errorf("%s was tried %d times, want %d", ref, n, want)
		}
	}
	p.enqueue(t, "always", time.Time{}) // a new event gives it a new chance
	told.waitFor(t, "always", 2)
	if n := calls.of("always"); n != 6 {
		t.Errorf("after a new chance: %d calls", n)
	}
}

func panics(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		if calls.add(ref) == 1 {
			panic("boom")
		}
		return time.Time{}, nil
	})})
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 2)
	settled(t, p)
}

// impatience: a handler that hangs is ended and tried again.
func impatience(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	legs := handle(1, func(ctx context.Context, ref string) (time.Time, error) {
		if calls.add(ref) == 1 {
			<-ctx.Done()
			return time.Time{}, ctx.Err()
		}
		return time.Time{}, nil
	})
	legs[0].Patience = 30 * time.Millisecond
	start(t, p, flow.Options{Legs: legs})
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 2)
	settled(t, p)
}
