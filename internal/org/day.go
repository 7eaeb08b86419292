package org

import (
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Day is a calendar day in UTC, written 2026-12-31.
type Day struct{ start time.Time }

// DayOf is the day on which t falls.
func DayOf(t time.Time) Day { return Day{t.UTC().Truncate(24 * time.Hour)} }

// IsZero reports whether no day is given.
func (d Day) IsZero() bool { return d.start.IsZero() }

// End is the first instant after the day; zero for no day, so that nothing is before it.
func (d Day) End() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.start.AddDate(0, 0, 1)
}

// String is the day as it is written.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.start.Format(time.DateOnly)
}

// UnmarshalYAML reads a day.
func (d *Day) UnmarshalYAML(text []byte) error {
	word := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	t, err := time.Parse(time.DateOnly, word)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no day: write it as 2026-12-31", word)
	}
	d.start = t
	return nil
}
