package freeze

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

const (
	day     = 24 * time.Hour
	longest = 366 * day
)

// reader reads events. Zone is where whole days and times without a zone are.
type reader struct{ zone string }

// read reads an event: when it begins, how long it lasts, and how it repeats.
func (r reader) read(e *ics.VEvent) (out event, err error) {
	out.what = "a change freeze"
	if p := e.GetProperty(ics.ComponentPropertySummary); p != nil && p.Value != "" {
		out.what = p.Value
	}
	start, whole, err := r.when(e, ics.ComponentPropertyDtStart)
	if err != nil {
		return out, err
	}
	if out.lasts, err = r.length(e, start, whole); err != nil {
		return out, err
	}
	if start.Year() < 1970 || out.lasts > longest {
		return out, fmt.Errorf("it begins in %d and lasts %s: want a year after 1969, and at most %s", start.Year(), out.lasts, longest)
	}
	out.times = &rrule.Set{}
	out.times.DTStart(start)
	if err := repeat(e, out.times, start); err != nil {
		return out, err
	}
	for property, add := range map[ics.ComponentProperty]func(time.Time){
		ics.ComponentProperty(ics.PropertyRdate): out.times.RDate, ics.ComponentProperty(ics.PropertyExdate): out.times.ExDate,
	} {
		for _, p := range e.GetProperties(property) {
			for _, value := range strings.Split(p.Value, ",") {
				t, _, err := moment(value, r.zoneOf(p))
				if err != nil {
					return out, fmt.Errorf("%s: %w", property, err)
				}
				add(t)
			}
		}
	}
	return out, nil
}

// repeat adds how it repeats. What repeats within a day is no freeze that anybody can plan by, and could be asked about without end.
func repeat(e *ics.VEvent, times *rrule.Set, start time.Time) error {
	p := e.GetProperty(ics.ComponentPropertyRrule)
	if p == nil {
		times.RDate(start)
		return nil
	}
	o, err := rrule.StrToROptionInLocation(p.Value, start.Location())
	if err != nil {
		return fmt.Errorf("RRULE %q: %w", p.Value, err)
	}
	if o.Freq == rrule.HOURLY || o.Freq == rrule.MINUTELY || o.Freq == rrule.SECONDLY || len(o.Byhour)+len(o.Byminute)+len(o.Bysecond) > 0 {
		return fmt.Errorf("RRULE %q: repeats within a day: want DAILY, WEEKLY, MONTHLY or YEARLY", p.Value)
	}
	o.Dtstart = start
	r, err := rrule.NewRRule(*o)
	if err != nil {
		return fmt.Errorf("RRULE %q: %w", p.Value, err)
	}
	times.RRule(r)
	return nil
}

// length is how long it lasts: until its end, for its duration, or else for the day on which it is.
func (r reader) length(e *ics.VEvent, start time.Time, whole bool) (time.Duration, error) {
	if e.GetProperty(ics.ComponentPropertyDtEnd) != nil {
		end, _, err := r.when(e, ics.ComponentPropertyDtEnd)
		if err == nil && !end.After(start) {
			err = fmt.Errorf("it ends at %s, before it begins", end.Format(time.RFC3339))
		}
		return end.Sub(start), err
	}
	if p := e.GetProperty(ics.ComponentProperty(ics.PropertyDuration)); p != nil {
		return duration(p.Value)
	}
	if whole {
		return day, nil
	}
	return 0, fmt.Errorf("it has neither an end nor a duration")
}

func (r reader) when(e *ics.VEvent, property ics.ComponentProperty) (time.Time, bool, error) {
	p := e.GetProperty(property)
	if p == nil {
		return time.Time{}, false, fmt.Errorf("it has no %s", property)
	}
	t, whole, err := moment(p.Value, r.zoneOf(p))
	if err != nil {
		return t, whole, fmt.Errorf("%s: %w", property, err)
	}
	return t, whole, nil
}

func (r reader) zoneOf(p *ics.IANAProperty) string {
	if tz := p.ICalParameters["TZID"]; len(tz) > 0 {
		return tz[0]
	}
	return r.zone
}

// moment reads a date or a time, as RFC 5545 writes it in 3.3.4 and 3.3.5. Whole reports a date.
func moment(text, tz string) (t time.Time, whole bool, err error) {
	at, err := time.LoadLocation(tz)
	if err != nil || tz == "Local" {
		return t, false, fmt.Errorf("zone %q is not known: want a name such as Europe/Dublin", tz)
	}
	switch {
	case len(text) == len("20060102"):
		t, err = time.ParseInLocation("20060102", text, at)
		whole = true
	case strings.HasSuffix(text, "Z"):
		t, err = time.Parse("20060102T150405Z", text)
	default:
		t, err = time.ParseInLocation("20060102T150405", text, at)
	}
	if err != nil {
		return t, whole, fmt.Errorf("%q is no date and no time: want 20261224, 20261224T180000 or 20261224T180000Z", text)
	}
	return t, whole, nil
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})S)?)?)$`)

// duration reads a duration as RFC 5545 writes it in 3.3.6, such as P2DT12H.
func duration(text string) (d time.Duration, err error) {
	m := durationForm.FindStringSubmatch(text)
	for i, unit := range []time.Duration{7 * day, day, time.Hour, time.Minute, time.Second} {
		if m == nil || m[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			return 0, err
		}
		d += time.Duration(n) * unit
	}
	if d == 0 {
		return 0, fmt.Errorf("DURATION %q: want a length such as P2DT12H", text)
	}
	return d, nil
}
