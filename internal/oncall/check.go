package oncall

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/org/freeze"
)

const (
	// maxErrors is how many mistakes one reading reports: a person corrects a few and looks again.
	maxErrors = 20
	// What a text may have, so that its proof takes a second.
	maxRotas, maxSites, maxMembers, maxLeave = 50, 24, 200, 10_000
	minShift, maxShift                       = time.Hour, 12 * time.Hour
)

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$`)

// checker walks a Text beside the nodes that it was read from, so that every mistake has its place.
type checker struct {
	text      *Text
	root      *doc.Node
	name      string
	people    *org.Org
	beside    Beside
	calendars map[string]*freeze.Calendar // by zone and path
	errs      []error
}

// step goes from a node to one below it: by the key of a map, or the number of a list. Where there is none it stays.
func step(n *doc.Node, keys ...any) *doc.Node {
	for _, k := range keys {
		var next *doc.Node
		switch k := k.(type) {
		case string:
			next = n.Get(k)
		case int:
			if n != nil && k < len(n.Items) {
				next = n.Items[k]
			}
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

func (c *checker) errorf(n *doc.Node, format string, args ...any) {
	switch {
	case len(c.errs) >= maxErrors:
	case n == nil:
		c.errs = append(c.errs, fault.New(fault.Invalid, "%s:1:1: %s", c.name, fmt.Sprintf(format, args...)))
	default:
		c.errs = append(c.errs, n.Errorf(format, args...))
	}
}

func (c *checker) all() (out []*circle) {
	if n := len(c.text.Rotas); n == 0 || n > maxRotas {
		c.errorf(step(c.root, "rotas"), "%d rotas: want 1 to %d", n, maxRotas)
		return nil
	}
	seen := map[string]bool{}
	for i, r := range c.text.Rotas {
		at := step(c.root, "rotas", i)
		switch {
		case !nameForm.MatchString(r.Name):
			c.errorf(step(at, "name"), "rota %q: want a name of letters, digits, blanks, dots and dashes", r.Name)
		case seen[r.Name]:
			c.errorf(step(at, "name"), "rota %q is there already", r.Name)
		}
		seen[r.Name] = true
		out = append(out, c.circle(r, at))
	}
	c.leave(out)
	return out
}

func (c *checker) circle(r Rota, at *doc.Node) *circle {
	if r.Rest == 0 {
		r.Rest = DefaultRest
	}
	if r.Rest < 0 || r.Rest > day {
		c.errorf(step(at, "rest"), "rest %s: want at most 24h", r.Rest)
	}
	if _, ok := c.people.Team(r.Team); r.Team != "" && !ok {
		c.errorf(step(at, "team"), "no team of the organisation is called %q", r.Team)
	}
	if n := len(r.Sites); n == 0 || n > maxSites {
		c.errorf(step(at, "sites"), "rota %q has %d sites: want 1 to %d", r.Name, n, maxSites)
		return nil
	}
	out := &circle{Rota: r, epoch: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC), home: map[string]*site{}}
	if !r.Epoch.IsZero() {
		out.epoch = r.Epoch.End().AddDate(0, 0, -1)
	}
	seen := map[string]bool{}
	for i, s := range r.Sites {
		at := step(at, "sites", i)
		if seen[s.Name] {
			c.errorf(step(at, "name"), "site %q is there already", s.Name)
		}
		seen[s.Name] = true
		if one := c.site(out, s, at); one != nil {
			out.sites = append(out.sites, one)
		}
	}
	return out
}

func (c *checker) site(r *circle, s Site, at *doc.Node) *site {
	if !nameForm.MatchString(s.Name) {
		c.errorf(step(at, "name"), "site %q: want a name of letters, digits, blanks, dots and dashes", s.Name)
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" || s.Zone == "Local" {
		c.errorf(step(at, "zone"), "zone %q is not known: want a name such as Europe/Dublin", s.Zone)
		return nil
	}
	if at.Get("starts") == nil {
		c.errorf(at, "site %q does not say when its shift starts: want starts: \"15:00\", in UTC", s.Name)
	}
	if s.Lasts == 0 {
		s.Lasts = DefaultShift
	}
	if s.Lasts < minShift || s.Lasts > maxShift || s.Lasts%time.Minute != 0 {
		c.errorf(step(at, "lasts"), "a shift of %s: want whole minutes from %s to %s", s.Lasts, minShift, maxShift)
	}
	out := &site{Site: s, zone: zone, away: map[string][]span{}, absences: map[string][]*almanac{}, holidays: &almanac{}}
	out.crews = []crew{{members: s.Members}}
	c.members(r, out, s.Members, step(at, "members"))
	for i, l := range s.Later {
		at := step(at, "later", i)
		n := r.number(out, l.From.End().AddDate(0, 0, -1).Add(time.Duration(s.Starts)))
		if l.From.IsZero() || len(out.crews) > 1 && n <= out.crews[len(out.crews)-1].from {
			c.errorf(step(at, "from"), "want the day from which these are the members, later than those before")
		}
		c.members(r, out, l.Members, step(at, "members"))
		out.crews = append(out.crews, crew{n, l.Members})
	}
	for i, path := range s.Holidays {
		out.holidays.add(c.calendar(s.Zone, path, step(at, "holidays", i)))
	}
	return out
}

// members checks who sits at a site: known people, each at one site of a rota, as nobody sits at two places.
func (c *checker) members(r *circle, s *site, members []string, at *doc.Node) {
	if len(members) < 2 || len(members) > maxMembers {
		c.errorf(at, "%s has %d members: want 2 to %d, as a shift has a primary and a secondary", s.Name, len(members), maxMembers)
	}
	for i, m := range members {
		switch _, known := c.people.Person(m); {
		case m == "":
			c.errorf(step(at, i), "a member without a name")
		case !known && c.people != nil:
			c.errorf(step(at, i), "no person of the organisation is called %q", m)
		case slices.Index(members, m) < i:
			c.errorf(step(at, i), "%s is there already", m)
		case r.home[m] != nil && r.home[m] != s:
			c.errorf(step(at, i), "%s is a member of %s already: a person has one site in a rota", m, r.home[m].Name)
		default:
			r.home[m] = s
		}
	}
}

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
