package oncall

import (
	"errors"
	"slices"
	"time"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/org/freeze"
)

// Set is the rotas of one text, ready to be asked. It is immutable and safe for concurrent use.
type Set struct {
	circles []*circle
	people  *org.Org // nil: whoever is a member is known
	sample  bool
	name    string
	text    []byte
}

// Text is what people have written.
func (s *Set) Text() string { return string(s.text) }

// Beside reads a file that a text names, such as a calendar: a path relative to the text.
type Beside func(path string) ([]byte, error)

// Parse reads and checks the text of rotas. People are those of the organisation. All mistakes found are in the error, one a line, each with
// file:line:col. That a text can be read proves nothing: see Prove.
func Parse(name string, data []byte, people *org.Org, beside Beside) (*Set, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	var t Text
	if err := doc.Decode(name, data, &t); err != nil {
		return nil, err
	}
	c := &checker{text: &t, name: name, people: people, beside: beside, calendars: map[string]*freeze.Calendar{}}
	if len(nodes) > 0 {
		c.root = nodes[0]
	}
	s := &Set{people: people, name: name, text: data, circles: c.all()}
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return s, nil
}

// Rotas gives the names of all rotas, in the order of the text.
func (s *Set) Rotas() []string {
	out := make([]string, len(s.circles))
	for i, c := range s.circles {
		out[i] = c.Name
	}
	return out
}

// Sample reports whether this is the built-in rota, whose people are made up.
func (s *Set) Sample() bool { return s.sample }

// find gives the rota of a name; of no name the first one.
func (s *Set) find(rota string) (*circle, error) {
	at := 0
	if rota != "" {
		at = slices.Index(s.Rotas(), rota)
	}
	if at < 0 {
		return nil, fault.New(fault.NotFound, "there is no rota %q: %s has %s", rota, s.name, among(s.Rotas()))
	}
	return s.circles[at], nil
}

// circle is one rota, checked.
type circle struct {
	Rota
	epoch time.Time
	sites []*site
	home  map[string]*site // of each member
}

// site is one site, checked.
type site struct {
	Site
	zone     *time.Location
	crews    []crew // the earliest first; the first one from for ever
	holidays *almanac
	feasts   feasts
	away     map[string][]span     // by person
	absences map[string][]*almanac // by person, as calendars tell
}

// crew is the members from a shift on.
type crew struct {
	from    int64 // number of the shift
	members []string
}

// span is a time with its end left out.
type span struct {
	from, until time.Time
}

func (s span) overlaps(from, until time.Time) bool {
	return s.from.Before(until) && from.Before(s.until)
}

// number gives the shift of a site that began last at a time. Shifts are counted from the epoch, in days of UTC, which are all equally long.
func (c *circle) number(s *site, t time.Time) int64 {
	return floor(t.Unix()-c.first(s), int64(day/time.Second))
}

// begins is when a shift of a site begins.
func (c *circle) begins(s *site, n int64) time.Time {
	return time.Unix(c.first(s)+n*int64(day/time.Second), 0).UTC()
}

// first is when the shift of number zero begins, in seconds.
func (c *circle) first(s *site) int64 {
	return c.epoch.Unix() + int64(time.Duration(s.Starts)/time.Second)
}
