package hunt

import (
	"time"

	"jobzero/internal/event"
)

// span is from the earliest to the latest of some events. Times are compared as CloudTrail writes them, which needs no clock
// arithmetic for each of a million records.
type span struct{ first, last string }

const secondForm = "2006-01-02T15:04:05Z"

func (s *span) record(r *event.Record) {
	text, ok := r.Get(event.EventTime).Plain()
	if !ok || len(text) != len(secondForm) || text[len(text)-1] != 'Z' {
		return // the event, if it becomes one, says when it was
	}
	if s.first == "" || string(text) < s.first {
		s.first = string(text)
	}
	if string(text) > s.last {
		s.last = string(text)
	}
}

func (s *span) add(t time.Time) {
	text := t.UTC().Format(secondForm)
	s.join(span{text, text})
}

func (s *span) join(o span) {
	if o.first == "" {
		return
	}
	if s.first == "" || o.first < s.first {
		s.first = o.first
	}
	s.last = max(s.last, o.last)
}

// times are both ends; zero when there was no event.
func (s *span) times() (first, last time.Time) {
	first, _ = time.Parse(secondForm, s.first) // it was checked or written by us; what is not is zero
	last, _ = time.Parse(secondForm, s.last)
	return first, last
}
