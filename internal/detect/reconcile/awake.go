package reconcile

import (
	"cmp"
	"slices"
	"time"
)

// Pulse is how often a running jobzero says so, and Pause how long nothing may be said before it counts as not running.
const (
	Pulse = time.Minute
	Pause = 5 * time.Minute
)

// Span is a stretch of time.
type Span struct{ From, To time.Time }

// Awake says when a jobzero was listening.
type Awake struct {
	First   time.Time // the first sign of life; zero: there never was one
	Last    time.Time // the last one
	Outages []Span    // between the two
}

// asleep are the times between First and now when nobody listened, the latest first. What follows the last sign of life is one
// when it is long.
func (a Awake) asleep(now time.Time) []Span {
	out := slices.Clone(a.Outages)
	if now.Sub(a.Last) > Pause {
		out = append(out, Span{a.Last, now})
	}
	slices.SortFunc(out, func(x, y Span) int { return cmp.Compare(y.To.UnixNano(), x.To.UnixNano()) })
	return out
}

// Back is the latest instant from which on, until now, somebody has listened for d in all. It is zero when nobody has listened
// for so long.
func (a Awake) Back(now time.Time, d time.Duration) time.Time {
	if a.First.IsZero() {
		return time.Time{}
	}
	at := now
	for _, s := range a.asleep(now) {
		if !s.To.Before(at) { // overlaps what was gone through
			if s.From.Before(at) {
				at = s.From
			}
			continue
		}
		if ran := at.Sub(s.To); ran >= d {
			break
		} else {
			d -= ran
		}
		at = s.From
	}
	if at = at.Add(-d); at.Before(a.First) {
		return time.Time{}
	}
	return at
}

// Ran reports whether somebody listened at some time of a day, which is its first instant.
func (a Awake) Ran(day, now time.Time) bool {
	if a.First.IsZero() {
		return false
	}
	from, to := later(day, a.First), earlier(day.Add(24*time.Hour), now)
	for _, s := range a.asleep(now) {
		if !s.From.After(from) && !s.To.Before(to) {
			return false
		}
	}
	return from.Before(to)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
