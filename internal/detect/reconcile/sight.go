package reconcile

import (
	"time"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/event"
)

// Ways is a set of ways, one bit each. The numbers are in the store.
type Ways int64

// The ways. An event that both have brought lacks nothing.
const (
	Live   Ways = 1
	Stored Ways = 2
	Both        = Live | Stored
)

// WayOf is the way that brought an event; false for events that came by no way, such as those of a file.
func WayOf(e *event.Event) (Ways, bool) {
	switch coverage.Way(e.Origin.Source) {
	case coverage.Live:
		return Live, true
	case coverage.Stored:
		return Stored, true
	default:
		return 0, false
	}
}

// String is the way in words.
func (w Ways) String() string {
	switch w {
	case Live:
		return "EventBridge"
	case Stored:
		return "S3"
	case Both:
		return "both ways"
	default:
		return "no way"
	}
}

// Sight is an event and the ways that have brought it.
type Sight struct {
	Account string
	ID      event.ID
	Region  string
	Name    string // of the call, for people
	Ways    Ways
	At      time.Time // when it happened
	Heard   time.Time // when the first way brought it, by our clock
	Told    time.Time // when it was said that the other way lacks it; zero until then
}
