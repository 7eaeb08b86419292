package flowtest

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/flow"
)

func stopWaits(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	begun, leave := make(chan struct{}), make(chan struct{})
	e := engine(t, p, flow.Options{Legs: handle(1, func(ctx context.Context, ref string) (time.Time, error) {
		close(begun)
		select {
		case <-leave:
			calls.add(ref)
			return time.Time{}, nil
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	})})
	p.enqueue(t, "x", time.Time{})
	<-begun
	time.AfterFunc(50*time.Millisecond, func() { close(leave) })
	if err := e.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	if calls.of("x") != 1 {
		t.Error("stop did not wait for the work under way")
	}
	settled(t, p)
}

func stopCutsOff(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	begun := make(chan struct{})
	e := engine(t, p, flow.Options{Legs: handle(1, func(ctx context.Context, _ string) (time.Time, error) {
		close(begun)
		<-ctx.Done()
		return time.Time{}, ctx.Err()
	})})
	p.enqueue(t, "x", time.Time{})
	<-begun
	now, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Stop(now); !fault.Is(err, fault.Unavailable) {
		t.Errorf("stop: %v", err)
	}
	// What was cut off is due as before, and no failure.
	start(t, p, flow.Options{MaxAttempts: 1, Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	calls.waitFor(t, "x", 1)
	settled(t, p)
}

// abandon claims as a process would that is killed at work a moment later.
func abandon(t *testing.T, p *Pair, ref string, lease time.Duration) {
	t.Helper()
	p.enqueue(t, ref, time.Time{})
	now := time.Now()
	_, ok, err := p.Book.Claim(t.Context(), flow.Ask{Leg: "triage", Ref: ref, Holder: "dead", Now: now, Wall: now, Until: now.Add(lease)})
	if !ok || err != nil {
		t.Fatalf("claim: %v %v", ok, err)
	}
}

func deadReleased(t *testing.T, p *Pair) {
	t.Helper()
	abandon(t, p, "x", time.Hour)
	now := time.Now()
	if ok, err := p.Book.Lead(t.Context(), "relay", "dead", now, now.Add(time.Hour)); !ok || err != nil {
		t.Fatalf("lead: %v %v", ok, err)
	}
	calls := newTally()
	start(t, p, flow.Options{Alone: true, Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	calls.waitFor(t, "x", 1)
}

func leaseEnds(t *testing.T, p *Pair) {
	t.Helper()
	abandon(t, p, "x", 300*time.Millisecond)
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(1, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	calls.waitFor(t, "x", 1)
}

// thief is a book that says once that a lease was lost.
type thief struct {
	flow.Book
	stolen chan struct{}
}

func (b *thief) Renew(ctx context.Context, c flow.Claim, until time.Time) (bool, error) {
	select {
	case <-b.stolen:
		return b.Book.Renew(ctx, c, until)
	default:
		close(b.stolen)
		return false, nil
	}
}

// lostLease: who has lost the lease is told to stop, and what it returns counts for nothing.
func lostLease(t *testing.T, p *Pair) {
	t.Helper()
	q := *p
	q.Book = &thief{Book: p.Book, stolen: make(chan struct{})}
	calls := newTally()
	start(t, &q, flow.Options{
		Lease: 60 * time.Millisecond, MaxAttempts: 1,
		Legs: handle(1, func(ctx context.Context, ref string) (time.Time, error) {
			if calls.add(ref) == 1 {
				<-ctx.Done()
				return time.Time{}, fault.New(fault.Invalid, "must not count")
			}
			return time.Time{}, nil
		}),
		Poisoned: func(context.Context, string, string, error) error {
			t.Error("a run without a lease poisoned the work")
			return nil
		},
	})
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 2)
	settled(t, p)
}

// busDeleted: the whole stream is deleted again and again, and everything still finishes.
func busDeleted(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(4, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})})
	const n = 200
	for i := range n {
		p.enqueue(t, strconv.Itoa(i), time.Time{})
		if i%50 == 25 {
			if err := p.Wipe(); err != nil {
				t.Errorf("wipe: %v", err)
			}
		}
	}
	if err := p.Wipe(); err != nil {
		t.Errorf("wipe: %v", err)
	}
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == n })
	settled(t, p)
}

// hintsDeleted: hints that wait behind a slow worker vanish.
func hintsDeleted(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	gate := make(chan struct{})
	start(t, p, flow.Options{Legs: handle(1, func(ctx context.Context, ref string) (time.Time, error) {
		select {
		case <-gate:
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
		calls.add(ref)
		return time.Time{}, nil
	})})
	for i := range 50 {
		p.enqueue(t, strconv.Itoa(i), time.Time{})
	}
	waitUnderway(t, p, 49)
	if err := p.Wipe(); err != nil {
		t.Errorf("wipe: %v", err)
	}
	close(gate)
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == 50 })
	settled(t, p)
}

func waitUnderway(t *testing.T, p *Pair, want int) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		under, err := p.Book.Underway(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if under["triage"] >= want {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%v under way, want %d", under, want)
		}
	}
}

// twoReplicas: two share the work; when the leader goes, the other one leads.
func twoReplicas(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	work := func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	}
	first := engine(t, p, flow.Options{Holder: "first", Legs: handle(2, work)})
	p.enqueue(t, "early", time.Time{})
	calls.waitFor(t, "early", 1) // first leads
	start(t, p, flow.Options{Holder: "second", Legs: handle(2, work)})
	for i := range 60 {
		p.enqueue(t, strconv.Itoa(i), time.Time{})
	}
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == 61 })
	if err := first.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	p.enqueue(t, "late", time.Time{})
	calls.waitFor(t, "late", 1)
	settled(t, p)
	for ref, n := range calls.calls {
		if n != 1 {
			t.Errorf("%s was handled %d times", ref, n)
		}
	}
}

// backlogStays: a leg that does not keep up gets no more hints than it can soon use.
func backlogStays(t *testing.T, p *Pair) {
	t.Helper()
	gate := make(chan struct{})
	calls := newTally()
	start(t, p, flow.Options{Legs: handle(1, func(ctx context.Context, ref string) (time.Time, error) {
		select {
		case <-gate:
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
		calls.add(ref)
		return time.Time{}, nil
	})})
	const n = 300
	for i := range n {
		p.enqueue(t, strconv.Itoa(i), time.Time{})
	}
	waitUnderway(t, p, 128)
	under, err := p.Book.Underway(t.Context())
	if err != nil || under["triage"] > 256 {
		t.Errorf("%v under way, %v", under, err)
	}
	close(gate)
	calls.wait(t, "all", func(m map[string]int) bool { return len(m) == n })
}

func streamLeg(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	legs := []flow.Leg{
		flow.From("source", func(ctx context.Context) error {
			if calls.add("source") == 1 {
				return errors.New("the world is not ready")
			}
			for range 10 {
				calls.add("event")
			}
			<-ctx.Done()
			return ctx.Err()
		}, "events"),
	}
	start(t, p, flow.Options{Legs: legs})
	calls.waitFor(t, "event", 10)
	if n := calls.of("source"); n != 2 {
		t.Errorf("the source ran %d times", n)
	}
}

func roles(t *testing.T, p *Pair) {
	t.Helper()
	calls := newTally()
	here := handle(1, func(_ context.Context, ref string) (time.Time, error) {
		calls.add(ref)
		return time.Time{}, nil
	})
	elsewhere := flow.Into("action", "steps", func(context.Context, string) (time.Time, error) {
		t.Error("a leg ran that is not of this process")
		return time.Time{}, nil
	})
	legs := append(here, elsewhere)
	start(t, p, flow.Options{Legs: legs, Roles: []string{"triage"}})
	if err := p.Enqueue("action", "a", time.Time{}); err != nil {
		t.Fatal(err)
	}
	p.enqueue(t, "x", time.Time{})
	calls.waitFor(t, "x", 1)
	if _, err := flow.New(flow.Options{Book: p.Book, Bus: p.Bus, Legs: legs, Roles: []string{"nobody"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a role that is none: %v", err)
	}
}
