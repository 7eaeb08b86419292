package hunt

import (
	"slices"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/event"
)

// Question asks what baselines make of some events. It is answered in the order of time, before what is told of the event.
type Question struct {
	Events []*event.Event // each is judged in its place among what is read; copies that are read as well are left out
	ID     event.ID       // or an event among what is read; empty: none of those
	Answer func(*event.Event, baseline.Explanation)
}

// asked reports whether an event is one of those that are asked about.
func (q *Question) asked(e *event.Event) bool {
	return q != nil && (q.ID != "" && e.ID == q.ID || slices.Contains(q.Events, e))
}

// copied reports whether an event that is read is one that the question brought.
func (q *Question) copied(e *event.Event) bool {
	return q != nil && slices.ContainsFunc(q.Events, func(own *event.Event) bool { return own.ID != "" && own.Key() == e.Key() })
}
