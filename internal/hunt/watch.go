package hunt

import (
	"container/heap"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
)

// The window in which events are brought into order.
const (
	windowEvents = 16_384
	windowBytes  = 64 << 20
)

// watch learns from events in the order of time, as far as its window reaches. A nil one does nothing.
type watch struct {
	learner *baseline.Learner
	wait    byTime
	bytes   int
	ticked  time.Time
	asks    *Question // nil: nobody asks
}

// newWatch begins to learn, when that is asked for.
func newWatch(o *baseline.Options, asks *Question) *watch {
	if o == nil {
		return nil
	}
	w := &watch{learner: baseline.New(*o), asks: asks}
	if asks != nil {
		for _, e := range asks.Events {
			w.push(e)
		}
	}
	return w
}

// take takes events; those that are nil are duplicates.
func (w *watch) take(events []*event.Event) (out []Hit) {
	for _, e := range events {
		if e == nil || w.asks.copied(e) {
			continue
		}
		for w.push(e); len(w.wait) > windowEvents || w.bytes > windowBytes; {
			out = w.next(out)
		}
	}
	return out
}

func (w *watch) push(e *event.Event) {
	heap.Push(&w.wait, e)
	w.bytes += len(e.Raw)
}

// end takes what waits.
func (w *watch) end() (out []Hit) {
	for w != nil && len(w.wait) > 0 {
		out = w.next(out)
	}
	return out
}

// next learns from the earliest event, and asks for silent logs once in an hour of events.
func (w *watch) next(out []Hit) []Hit {
	e := heap.Pop(&w.wait).(*event.Event)
	w.bytes -= len(e.Raw)
	if hour := e.Time.Truncate(time.Hour); hour.After(w.ticked) {
		w.ticked = hour
		for _, s := range w.learner.Tick(hour) {
			of := &event.Event{Time: s.At, Account: s.Account, Region: s.Region, Actor: event.Actor{ARN: s.Log}, Origin: event.Origin{Offset: -1}}
			out = append(out, unlike(of, &s))
		}
	}
	if s := w.learn(e); s != nil {
		out = append(out, unlike(e, s))
	}
	return out
}

func (w *watch) learn(e *event.Event) *baseline.Story {
	if !w.asks.asked(e) {
		_, s := w.learner.Take(e, baseline.Of(e))
		return s
	}
	x, s := w.learner.TakeExplained(e, baseline.Of(e))
	w.asks.Answer(e, x)
	return s
}

// unlike makes a hit of a story.
func unlike(e *event.Event, s *baseline.Story) Hit {
	f := s.Finding(s.At)
	rule := &detect.Rule{ID: f.By, Name: f.By, Title: f.Title, Level: f.Severity}
	return Hit{Event: e, Match: detect.Match{Rule: rule}, Story: s}
}

// byTime is a heap of events.
type byTime []*event.Event

// Len is how many there are.
func (b byTime) Len() int { return len(b) }

// Less puts the earlier one first, and of two at once the one with the lesser ID.
func (b byTime) Less(i, j int) bool {
	if c := b[i].Time.Compare(b[j].Time); c != 0 {
		return c < 0
	}
	return b[i].ID < b[j].ID
}

// Swap swaps two.
func (b byTime) Swap(i, j int) { b[i], b[j] = b[j], b[i] }

// Push adds one at the end.
func (b *byTime) Push(x any) { *b = append(*b, x.(*event.Event)) }

// Pop takes the one at the end.
func (b *byTime) Pop() any {
	last := len(*b) - 1
	e := (*b)[last]
	(*b)[last] = nil
	*b = (*b)[:last]
	return e
}
