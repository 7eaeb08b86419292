package notify

import (
	"time"

	"jobzero/internal/fault"
)

// Quiet are hours of every day in which what can wait waits.
type Quiet struct {
	From string `yaml:"from"` // 22:00
	To   string `yaml:"to"`   // 07:00, of the next day where it is not later
	Zone string `yaml:"zone"` // Europe/Berlin

	from, to time.Duration
	at       *time.Location
}

const clock = "15:04"

// settle reads the hours.
func (q *Quiet) settle() (err error) {
	if q.Zone == "" || q.Zone == "Local" {
		return fault.New(fault.Invalid, "zone is missing: want a time zone such as Europe/Berlin")
	}
	if q.at, err = time.LoadLocation(q.Zone); err != nil {
		return fault.New(fault.Invalid, "zone %q: want a time zone such as Europe/Berlin", q.Zone)
	}
	for _, x := range []struct {
		key, text string
		into      *time.Duration
	}{{"from", q.From, &q.from}, {"to", q.To, &q.to}} {
		t, err := time.Parse(clock, x.text)
		if err != nil {
			return fault.New(fault.Invalid, "%s %q: want hours and minutes such as 22:00, in quotes", x.key, x.text)
		}
		*x.into = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	if q.from == q.to {
		return fault.New(fault.Invalid, "from and to are both %s: that is never, or always", q.From)
	}
	return nil
}

// until is when the quiet that a time lies in ends; false where it lies in none. The hours are those on the wall there, so that a day of 23
// or 25 hours has them too.
func (q *Quiet) until(now time.Time) (time.Time, bool) {
	if q == nil || q.at == nil {
		return time.Time{}, false
	}
	here := now.In(q.at)
	for _, back := range []int{-1, 0} {
		begin := q.on(here, back, q.from)
		after := back
		if q.to < q.from {
			after++
		}
		end := q.on(here, after, q.to)
		if !now.Before(begin) && now.Before(end) {
			return end.UTC(), true
		}
	}
	return time.Time{}, false
}

// on is a time of the wall clock on a day near another.
func (q *Quiet) on(day time.Time, days int, at time.Duration) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+days, int(at/time.Hour), int(at%time.Hour/time.Minute), 0, 0, q.at)
}
