package oncall

import (
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/org"
	"jobzero/internal/org/freeze"
)

// calendar reads a file beside the text, once for each zone.
func (c *checker) calendar(zone, path string, at *doc.Node) *freeze.Calendar {
	key := zone + "\x00" + path
	if known, ok := c.calendars[key]; ok {
		return known
	}
	data, err := c.beside(path)
	var out *freeze.Calendar
	if err == nil {
		out, err = freeze.ReadIn(zone, path, data)
	}
	if err != nil {
		c.errorf(at, "%v", err)
	}
	c.calendars[key] = out
	return out
}

func (c *checker) leave(all []*circle) {
	if n := len(c.text.Leave); n > maxLeave {
		c.errorf(step(c.root, "leave"), "%d entries of leave: at most %d", n, maxLeave)
		return
	}
	for i, l := range c.text.Leave {
		at, found := step(c.root, "leave", i), false
		byDay := !l.From.IsZero() && !l.Until.IsZero()
		if byDay == (l.Calendar != "") || l.From.IsZero() != l.Until.IsZero() {
			c.errorf(at, "leave of %q: want from and until, or calendar", l.Person)
			continue
		}
		if byDay && !l.From.End().Before(l.Until.End().Add(1)) {
			c.errorf(step(at, "until"), "it ends on %s, before it begins", l.Until)
		}
		for _, r := range all {
			if r == nil || r.home[l.Person] == nil {
				continue
			}
			found = true
			s := r.home[l.Person]
			if byDay {
				s.away[l.Person] = append(s.away[l.Person], span{in(s.zone, l.From, 0), in(s.zone, l.Until, 1)})
				continue
			}
			a := &almanac{}
			a.add(c.calendar(s.Zone, l.Calendar, step(at, "calendar")))
			s.absences[l.Person] = append(s.absences[l.Person], a)
		}
		if !found {
			c.errorf(step(at, "person"), "%q is no member of any site", l.Person)
		}
	}
}

// in is the beginning of a day, so many days later, in a zone.
func in(zone *time.Location, d org.Day, later int) time.Time {
	t := d.End().AddDate(0, 0, later-1)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

func among(names []string) string { return strings.Join(names, ", ") }
