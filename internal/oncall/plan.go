package oncall

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Plan is one rota with what was changed in it and who has left. It is immutable and safe for concurrent use.
type Plan struct {
	set     *Set
	circle  *circle
	seats   []granted // in the order in which they were made
	leave   map[string][]span
	gone    map[string]time.Time
	changes []Change
}

// Facts are what is known beside the text.
type Facts struct {
	Changes []Change             // in the order in which they were made
	Gone    map[string]time.Time // people who have left, and since when
}

// Plan joins the rota of a name, of no name the first one, with what is known beside it.
func (s *Set) Plan(rota string, f Facts) (*Plan, error) {
	c, err := s.find(rota)
	if err != nil {
		return nil, err
	}
	return newPlan(s, c, f.Changes, f.Gone), nil
}

func newPlan(s *Set, c *circle, changes []Change, gone map[string]time.Time) *Plan {
	p := &Plan{set: s, circle: c, leave: map[string][]span{}, gone: gone, changes: changes}
	for _, x := range counting(changes) {
		for _, one := range x.Spans {
			switch {
			case x.Kind == Away:
				p.leave[one.Person] = append(p.leave[one.Person], span{one.From, one.Until})
			case x.Rota == c.Name:
				p.seats = append(p.seats, granted{one, x.ID, x.Accept})
			}
		}
	}
	return p
}

// With is the plan after one more change.
func (p *Plan) With(c Change) *Plan {
	return newPlan(p.set, p.circle, append(slices.Clone(p.changes), c), p.gone)
}

// Rota is its name.
func (p *Plan) Rota() string { return p.circle.Name }

// Mark tells two plans apart that may have different faults: by their texts, by who has left and by what was changed.
func (p *Plan) Mark() string {
	out := []string{fmt.Sprintf("%p", p.circle)}
	for who, at := range p.gone {
		out = append(out, who+" "+stamp(at))
	}
	slices.Sort(out[1:])
	for _, c := range p.changes {
		out = append(out, c.ID)
	}
	return strings.Join(out, "\n")
}

// Changes are what was changed in it, as far as it is known here, in the order in which it was made.
func (p *Plan) Changes() []Change { return slices.Clone(p.changes) }

// Team is whose rota it is.
func (p *Plan) Team() string { return p.circle.Team }

// Sites gives the names of its sites, in the order of the text.
func (p *Plan) Sites() []string {
	out := make([]string, len(p.circle.sites))
	for i, s := range p.circle.sites {
		out[i] = s.Name
	}
	return out
}

// Members gives everybody who ever has a turn, and the site of each.
func (p *Plan) Members() map[string]string {
	out := map[string]string{}
	for m, s := range p.circle.home {
		out[m] = s.Name
	}
	return out
}

// Site is where somebody has turns; empty: he has none.
func (p *Plan) Site(person string) string {
	if s := p.circle.home[person]; s != nil {
		return s.Name
	}
	return ""
}

// away says why somebody cannot have a shift; empty: he can. Whoever is a member of no site has no leave in the text.
func (p *Plan) away(home *site, person string, from, until time.Time) string {
	if p.Gone(person, until) {
		return "has left"
	}
	if on(p.leave[person], from, until) {
		return "is on leave"
	}
	if home == nil {
		return ""
	}
	if on(home.away[person], from, until) {
		return "is on leave"
	}
	for _, a := range home.absences[person] {
		if e, is := a.on(from, until); is {
			return "is away: " + e.What
		}
	}
	return ""
}

// Gone reports whether somebody has left before a time.
func (p *Plan) Gone(person string, at time.Time) bool {
	left, ok := p.gone[person]
	return ok && left.Before(at)
}

func on(all []span, from, until time.Time) bool {
	return slices.ContainsFunc(all, func(x span) bool { return x.overlaps(from, until) })
}

// shift is a shift of a site, as its turns have it: without what was changed.
func (p *Plan) shift(s *site, n int64) Shift {
	at := p.circle.begins(s, n)
	who := p.pair(s, n)
	out := Shift{Rota: p.circle.Name, Site: s.Name, Start: at, End: at.Add(s.Lasts), Primary: who[0], Secondary: who[1]}
	if e, is := s.holidays.on(out.Start, out.End); is {
		out.Holiday = e.What
	}
	return out
}

// Shifts gives the shifts that overlap a time, by their start, as their turns have them: without overrides, swaps and takes.
func (p *Plan) Shifts(from, until time.Time) (out []Shift) {
	for _, s := range p.circle.sites {
		first := p.circle.number(s, from)
		if !p.circle.begins(s, first).Add(s.Lasts).After(from) {
			first++
		}
		for n := first; p.circle.begins(s, n).Before(until); n++ {
			out = append(out, p.shift(s, n))
		}
	}
	slices.SortStableFunc(out, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return out
}

// Granted gives the change by which somebody has a seat at a time; false: it is his turn.
func (p *Plan) Granted(seat Seat, at time.Time) (Change, bool) {
	g, ok := over(p.seats, seat, at)
	if !ok {
		return Change{}, false
	}
	i := slices.IndexFunc(p.changes, func(c Change) bool { return c.ID == g.change })
	return p.changes[i], true
}
