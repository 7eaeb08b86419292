// Package flowtest is what every pair of book and bus must do to carry jobzero's work.
//
// It is: one conformance suite, run with the embedded bus and with a NATS server behind a real socket.
// It takes: a Kit that makes fresh pairs.
// It gives: a failing test where something would be forgotten, doubled or left hanging.
// Next door: flow.
package flowtest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"jobzero/internal/flow"
)

// Pair is one book and one bus, both empty.
type Pair struct {
	Book    flow.Book
	Bus     flow.Bus
	Enqueue func(leg, ref string, due time.Time) error
	OnWork  func(poke func())
	Wipe    func() error // deletes everything that the bus keeps
}

// Kit makes a pair that lives as long as the test.
type Kit func(t testing.TB) *Pair

// Run runs the whole suite.
func Run(t *testing.T, kit Kit) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, *Pair)
	}{
		{"each once", eachOnce},
		{"written by another process", otherProcess},
		{"not before it is due", notBeforeDue},
		{"look again", lookAgain},
		{"woken while at work", wokenAtWork},
		{"never two at once", neverTwoAtOnce},
		{"side by side", sideBySide},
		{"try again", tryAgain},
		{"poisoned", poisoned},
		{"panic", panics},
		{"impatience", impatience},
		{"stop waits", stopWaits},
		{"stop cuts off", stopCutsOff},
		{"the dead are released", deadReleased},
		{"a lease ends", leaseEnds},
		{"a lost lease", lostLease},
		{"bus deleted", busDeleted},
		{"bus deleted while hints wait", hintsDeleted},
		{"two replicas", twoReplicas},
		{"backlog stays in the book", backlogStays},
		{"stream leg", streamLeg},
		{"roles", roles},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, kit(t)) })
	}
}

const patience = 60 * time.Second // for what takes milliseconds on an idle machine

// start runs an engine until the test ends.
func start(t testing.TB, p *Pair, o flow.Options) *flow.Engine {
	t.Helper()
	e := engine(t, p, o)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := e.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return e
}

// engine runs an engine that the test itself stops.
func engine(t testing.TB, p *Pair, o flow.Options) *flow.Engine {
	t.Helper()
	o.Book, o.Bus = p.Book, p.Bus
	if o.Retry.Base == 0 {
		o.Retry = flow.Backoff{Base: 5 * time.Millisecond, Cap: 50 * time.Millisecond}
	}
	if o.Stall == 0 {
		o.Stall = 300 * time.Millisecond
	}
	if testing.Verbose() && o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	e, err := flow.New(o)
	if err != nil {
		t.Fatalf("new engine: %v", err)
	}
	p.OnWork(e.Poke)
	if err := e.Start(t.Context()); err != nil {
		t.Fatalf("start: %v", err)
	}
	return e
}

func (p *Pair) enqueue(t testing.TB, ref string, due time.Time) {
	t.Helper()
	if err := p.Enqueue("triage", ref, due); err != nil {
		t.Fatalf("enqueue: %v", err)
	}
}

// tally counts calls by ref and lets a test wait for them.
type tally struct {
	mu      sync.Mutex
	calls   map[string]int
	changed chan struct{}
}

func newTally() *tally { return &tally{calls: map[string]int{}, changed: make(chan struct{})} }

func (l *tally) add(ref string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[ref]++
	close(l.changed)
	l.changed = make(chan struct{})
	return l.calls[ref]
}

func (l *tally) of(ref string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.calls[ref]
}

// wait waits until the calls satisfy want.
func (l *tally) wait(t testing.TB, what string, want func(map[string]int) bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		ok, changed := want(l.calls), l.changed
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			l.mu.Lock()
			defer l.mu.Unlock()
			t.Fatalf("waited for %s; calls: %v", what, l.calls)
		}
	}
}

func (l *tally) waitFor(t testing.TB, ref string, n int) {
	t.Helper()
	l.wait(t, fmt.Sprintf("%s to be called %d times", ref, n), func(m map[string]int) bool { return m[ref] >= n })
}

// handle is a leg called triage.
func handle(workers int, f func(ctx context.Context, ref string) (time.Time, error)) []flow.Leg {
	leg := flow.Via("triage", "findings", f, "tickets")
	leg.Workers = workers
	return []flow.Leg{leg}
}

// settled waits until nothing is pending.
func settled(t testing.TB, p *Pair) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	far := time.Now().Add(24 * time.Hour) // also sees what is leased
	for {
		under, err := p.Book.Underway(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, due, err := p.Book.NextDue(t.Context(), far)
		if err != nil {
			t.Fatal(err)
		}
		if !due && len(under) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still pending: %v under way, due %v", under, due)
		}
	}
}
