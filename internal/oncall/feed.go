package oncall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Wanted says whose calendar is wanted; empty: everybody's.
type Wanted struct {
	Person string
	Site   string
}

// Feed gives the stints between two times as a calendar (RFC 5545). All times are instants of UTC, so that no reader has to know the zones
// of the sites or their rules: each shows them by the clock of whoever reads. An event keeps its UID as long as the same person has the same
// seat from the same time.
func (p *Plan) Feed(w Wanted, from, until, now time.Time) string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//jobzero//oncall//EN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(title("On call", p.circle.Name, w.Site, w.Person))
	shifts := p.Shifts(from, until)
	if len(shifts) > 0 { // the first and the last one whole
		from, until = earliest(from, shifts[0].Start), latest(until, shifts[len(shifts)-1].End)
	}
	var all []Stint
	for _, seat := range Seats() {
		all = append(all, p.stints(shifts, seat, from, until)...)
	}
	slices.SortStableFunc(all, func(a, b Stint) int { return a.From.Compare(b.From) })
	for _, s := range all {
		if s.Person == "" || w.Person != "" && w.Person != s.Person || w.Site != "" && w.Site != s.Site {
			continue
		}
		e := cal.AddEvent(fmt.Sprintf("%s-%s-%s-%s@jobzero", slug(p.circle.Name), s.From.Format("20060102T150405Z"), s.Seat, slug(s.Person)))
		e.SetDtStampTime(now)
		e.SetStartAt(s.From)
		e.SetEndAt(s.Until)
		e.SetSummary(title(fmt.Sprintf("%s: %s", s.Seat, s.Person), p.circle.Name))
		e.SetLocation(s.Site)
		if s.shift.Holiday != "" {
			e.SetDescription("Holiday: " + s.shift.Holiday)
		}
	}
	return cal.Serialize()
}

func title(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// slug leaves of a name what a UID may have without quoting.
func slug(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '@' || r > 0x7e || r < 0x21 {
			return '_'
		}
		return r
	}, name)
}
