package book

import (
	"time"

	"github.com/robfig/cron/v3"
)

// Next is when the schedule is due first after a time, in UTC; zero: there is none, or never.
func (t Trigger) Next(after time.Time) time.Time {
	if t.Schedule == "" {
		return time.Time{}
	}
	s, err := cron.ParseStandard(t.Schedule)
	if err != nil { // it was read before
		return time.Time{}
	}
	return s.Next(after.UTC())
}

// Due reports whether the schedule is due at that time, to the second.
func (t Trigger) Due(at time.Time) bool { return t.Next(at.Add(-time.Second)).Equal(at) }
