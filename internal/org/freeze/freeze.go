package freeze

import (
	"cmp"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"

	"jobzero/internal/fault"
)

// MaxBytes is how long a calendar may be.
const MaxBytes = 4 << 20

// mostEvents bounds how many events a calendar has.
const mostEvents = 10_000

// Calendar is the freezes of one or more files. It is immutable and safe for concurrent use. A nil one has none.
type Calendar struct{ events []event }

// event is a freeze, once or many times.
type event struct {
	what  string
	lasts time.Duration
	times *rrule.Set // when it begins
}

// Freeze is a time in which changes are frozen, or whatever else a calendar is of.
type Freeze struct {
	What  string
	From  time.Time
	Until time.Time
}

// Read reads a calendar; name is only named in errors. Times without a zone, and whole days, are in UTC.
func Read(name string, text []byte) (*Calendar, error) { return ReadIn("UTC", name, text) }

// ReadIn is Read with times without a zone, and whole days, in a zone of the IANA.
func ReadIn(zone, name string, text []byte) (*Calendar, error) {
	r := reader{zone}
	if len(text) > MaxBytes {
		return nil, fault.New(fault.Invalid, "%s: the calendar has %d bytes: at most %d", name, len(text), MaxBytes)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(string(text)))
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: this is no iCalendar file (RFC 5545): %v", name, err)
	}
	c := &Calendar{}
	masters, moved := map[string]event{}, map[string][]time.Time{}
	for _, e := range cal.Events() {
		if t, ok, err := r.instead(e); err != nil {
			return nil, fault.New(fault.Invalid, "%s: event %q: %v", name, e.Id(), err)
		} else if ok {
			moved[e.Id()] = append(moved[e.Id()], t)
		}
		if p := e.GetProperty(ics.ComponentPropertyStatus); p != nil && strings.EqualFold(p.Value, "CANCELLED") {
			continue
		}
		one, err := r.read(e)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s: event %q: %v", name, e.Id(), err)
		}
		if e.GetProperty(ics.ComponentPropertyRecurrenceId) == nil {
			masters[e.Id()] = one
		}
		if c.events = append(c.events, one); len(c.events) > mostEvents {
			return nil, fault.New(fault.Invalid, "%s: more than %d events", name, mostEvents)
		}
	}
	for id, times := range moved {
		if m, ok := masters[id]; ok {
			for _, t := range times {
				m.times.ExDate(t)
			}
		}
	}
	return c, nil
}

// instead is the time of a repetition that an event takes the place of.
func (r reader) instead(e *ics.VEvent) (t time.Time, ok bool, err error) {
	if e.GetProperty(ics.ComponentPropertyRecurrenceId) == nil {
		return t, false, nil
	}
	t, _, err = r.when(e, ics.ComponentPropertyRecurrenceId)
	return t, err == nil, err
}

// Join makes one calendar of several.
func Join(all ...*Calendar) *Calendar {
	out := &Calendar{}
	for _, c := range all {
		out.events = append(out.events, c.events...)
	}
	return out
}

// At gives the freeze at a time: of several the one that lasts longest. False: changes are not frozen.
func (c *Calendar) At(now time.Time) (f Freeze, is bool) {
	if c == nil {
		return f, false
	}
	for _, e := range c.events {
		began := e.times.Between(now.Add(-e.lasts), now, true)
		if len(began) == 0 {
			continue
		}
		from := slices.MaxFunc(began, time.Time.Compare)
		if until := from.Add(e.lasts); until.After(now) && until.After(f.Until) {
			f, is = Freeze{e.what, from, until}, true
		}
	}
	return f, is
}

// Between gives the freezes that overlap a time, by when they begin.
func (c *Calendar) Between(from, until time.Time) (out []Freeze) {
	if c == nil {
		return nil
	}
	for _, e := range c.events {
		for _, t := range e.times.Between(from.Add(-e.lasts), until, true) {
			if end := t.Add(e.lasts); end.After(from) && t.Before(until) {
				out = append(out, Freeze{e.what, t, end})
			}
		}
	}
	slices.SortFunc(out, func(a, b Freeze) int {
		return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until), strings.Compare(a.What, b.What))
	})
	return out
}
