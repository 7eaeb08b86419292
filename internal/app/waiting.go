package app

import (
	"sync"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
)

// The limits of what waits: CloudTrail delivers within about 15 minutes, on average in 5.
const (
	waitAtMost = 20 * time.Minute
	waitEvents = 4096
	waitBytes  = 16 << 20
)

// waiting holds events that came before the record that says who is behind them. Rules that ask for it are run on them again when
// that record comes. What has waited for too long, or is one too many, has been judged as of somebody unknown.
type waiting struct {
	mu      sync.Mutex
	foresee *sigma.Foresight
	engine  detect.Engine
	events  []waiter
	bytes   int
	version uint64 // of the graph, when it was last looked at; 0 for never
}

type waiter struct {
	event *event.Event
	since time.Time
}

// ask says which rules ask. What waits goes on waiting.
func (w *waiting) ask(foresee *sigma.Foresight, engine detect.Engine) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.foresee, w.engine = foresee, engine
}

// judges is the engine of the rules that ask.
func (w *waiting) judges() detect.Engine {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.engine
}

// add keeps an event when a rule may fire on it as soon as it is known who is behind it.
func (w *waiting) add(g *lineage.Graph, e *event.Event, now time.Time) {
	w.mu.Lock()
	wait := w.foresee != nil && w.foresee.May(e.Record()) && !known(g, e)
	w.mu.Unlock()
	if wait {
		w.put(waiter{e, now}, now)
	}
}

// put keeps an event, and lets go of the oldest where there are too many.
func (w *waiting) put(x waiter, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, x)
	w.bytes += len(x.event.Raw)
	w.version = 0 // what is known by now may be about it
	for len(w.events) > waitEvents || w.bytes > waitBytes || now.Sub(w.events[0].since) > waitAtMost {
		w.bytes -= len(w.events[0].event.Raw)
		if w.events = w.events[1:]; len(w.events) == 0 {
			return
		}
	}
}

func known(g *lineage.Graph, e *event.Event) bool {
	l, ok := g.Resolve(e.Record())
	return !ok || l.Strength != lineage.Untraced
}

// ready takes out the events of which more is known now.
func (w *waiting) ready(g *lineage.Graph, now time.Time) (out []waiter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	version := g.Version()
	if version == w.version {
		return nil
	}
	w.version = version
	left := w.events[:0:0]
	w.bytes = 0
	for _, x := range w.events {
		switch {
		case known(g, x.event):
			out = append(out, x)
		case now.Sub(x.since) < waitAtMost:
			left = append(left, x)
			w.bytes += len(x.event.Raw)
		}
	}
	w.events = left
	return out
}
