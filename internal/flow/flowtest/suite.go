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
func start(tb testing.TB, p *Pair, o flow.Options) {
	tb.Helper()
	e := engine(tb, p, o)
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := e.Stop(ctx); err != nil {
			tb.Errorf("stop: %v", err)
		}
	})
}

// engine runs an engine that the test itself stops.
func engine(tb testing.TB, p *Pair, o flow.Options) *flow.Engine {
	tb.Helper()
	o.Book, o.Bus = p.Book, p.Bus
	if o.Retry.Base == 0 {
		o.Retry = flow.Backoff{Base: 5 * time.Millisecond, Cap: 50 * time.Millisecond}
	}
	if o.Stall == 0 {
		o.Stall = 300 * time.Millisecond
	}
	if testing.Verbose() && o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(tb.Output(), nil))
	}
	e, err := flow.New(o)
	if err != nil {
		tb.Fatalf("new engine: %v", err)
	}
	p.OnWork(e.Poke)
	if err := e.Start(tb.Context()); err != nil {
		tb.Fatalf("start: %v", err)
	}
	return e
}

func (p *Pair) enqueue(tb testing.TB, ref string, due time.Time) {
	tb.Helper()
	if err := p.Enqueue("triage", ref, due); err != nil {
		tb.Fatalf("enqueue: %v", err)
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
func (l *tally) wait(tb testing.TB, what string, want func(map[string]int) bool) {
	tb.Helper()
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
			tb.Fatalf("waited for %s; calls: %v", what, l.calls)
		}
	}
}

func (l *tally) waitFor(tb testing.TB, ref string, n int) {
	tb.Helper()
	l.wait(tb, fmt.Sprintf("%s to be called %d times", ref, n), func(m map[string]int) bool { return m[ref] >= n })
}

// handle is a leg called triage.
func handle(workers int, f func(ctx context.Context, ref string) (time.Time, error)) []flow.Leg {
	leg := flow.Via("triage", "findings", f, "tickets")
	leg.Workers = workers
	return []flow.Leg{leg}
}

// settled waits until nothing is pending.
func settled(tb testing.TB, p *Pair) {
	tb.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	far := time.Now().Add(24 * time.Hour) // also sees what is leased
	for {
		under, err := p.Book.Underway(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		_, due, err := p.Book.NextDue(tb.Context(), far)
		if err != nil {
			tb.Fatal(err)
		}
		if !due && len(under) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			tb.Fatalf("still pending: %v under way, due %v", under, due)
		}
	}
}
