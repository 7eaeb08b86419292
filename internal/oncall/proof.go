package oncall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// FaultKind is what can be wrong with a rota.
type FaultKind string

// The kinds of faults.
const (
	Gap      FaultKind = "gap"      // nobody has a seat
	Overlap  FaultKind = "overlap"  // two sites have the same time
	Double   FaultKind = "double"   // one person has both seats
	Night    FaultKind = "night"    // somebody should be asleep, or it is not known whether
	Rest     FaultKind = "rest"     // two shifts of one person with too little between them
	OnLeave  FaultKind = "leave"    // somebody is on duty who is away
	Stranger FaultKind = "stranger" // somebody is on duty whom the organisation does not know
	Left     FaultKind = "left"     // a member has left
	Unfair   FaultKind = "load"     // somebody has far more or less than the others of his site
)

// FaultKinds gives all.
func FaultKinds() []FaultKind {
	return []FaultKind{Gap, Overlap, Double, Night, Rest, OnLeave, Stranger, Left, Unfair}
}

// Fault is one thing that is wrong with a rota.
type Fault struct {
	Kind   FaultKind `json:"kind"`
	Rota   string    `json:"rota"`
	Site   string    `json:"site,omitempty"`
	Seat   Seat      `json:"seat,omitempty"`
	Person string    `json:"person,omitempty"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Text   string    `json:"text"` // what, and what to do
}

// String is the fault in one line.
func (f Fault) String() string {
	who := f.Site
	if f.Seat != "" {
		who += " " + string(f.Seat)
	}
	return fmt.Sprintf("%s: rota %s: %s to %s%s: %s", f.Kind, f.Rota, stamp(f.From), stamp(f.Until), before(", ", strings.TrimSpace(who)), f.Text)
}

func before(sign, text string) string {
	if text == "" {
		return ""
	}
	return sign + text
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

// Proof is what was looked at, everything that is wrong with it, and who carries how much of it.
type Proof struct {
	Rota   string    `json:"rota"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Shifts int       `json:"shifts"`
	Faults []Fault   `json:"faults"`
	Load   []Load    `json:"load"`
	Sample bool      `json:"sample,omitempty"`
}

// Holds reports whether nothing is wrong.
func (p Proof) Holds() bool { return len(p.Faults) == 0 }

// Err is nil where the proof holds; else the first faults, and how many more there are.
func (p Proof) Err() error {
	const shown = 3
	if p.Holds() {
		return nil
	}
	lines := make([]string, 0, shown)
	for _, f := range p.Faults[:min(shown, len(p.Faults))] {
		lines = append(lines, f.String())
	}
	more := ""
	if n := len(p.Faults) - shown; n > 0 {
		more = fmt.Sprintf("\n  and %d more", n)
	}
	return fault.New(fault.Invalid, "the rota does not hold for %s to %s; jobzero oncall check names everything:\n  %s%s", stamp(p.From), stamp(p.Until), strings.Join(lines, "\n  "), more)
}

// Prove looks at every instant between two times: it finds each in which a seat is empty or has two people, in which somebody should be
// asleep, is away or has had too little rest.
func (p *Plan) Prove(from, until time.Time) Proof {
	from, until = from.UTC(), until.UTC()
	shifts := p.Shifts(from, until)
	out := Proof{Rota: p.circle.Name, From: from, Until: until, Shifts: len(shifts), Sample: p.set.sample}
	both := [2][]Stint{}
	for i, seat := range Seats() {
		both[i] = p.stints(shifts, seat, from, until)
		for _, s := range both[i] {
			out.Faults = append(out.Faults, p.wrong(s)...)
		}
	}
	out.Faults = append(out.Faults, p.overlaps(shifts)...)
	out.Faults = append(out.Faults, p.doubles(both[0], both[1])...)
	out.Faults = append(out.Faults, p.unrested(append(slices.Clone(both[0]), both[1]...))...)
	out.Faults = append(out.Faults, p.leavers(from, until)...)
	out.Load = p.loads(append(both[0], both[1]...), from, until)
	out.Faults = append(out.Faults, p.unfair(out.Load, from, until)...)
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.From.Compare(b.From) })
	return out
}

func (p *Plan) fault(kind FaultKind, s Stint, format string, args ...any) Fault {
	return Fault{kind, p.circle.Name, s.Site, s.Seat, s.Person, s.From, s.Until, fmt.Sprintf(format, args...)}
}

// wrong says what is wrong with one stint by itself.
func (p *Plan) wrong(s Stint) (out []Fault) {
	if s.Person == "" {
		return []Fault{p.fault(Gap, s, "%s", p.whyNobody(s))}
	}
	home := p.circle.home[s.Person]
	if home == nil && !p.known(s.Person) {
		out = append(out, p.fault(Stranger, s, "%s is nobody whom the organisation knows", s.Person))
	}
	if why := p.away(home, s.Person, s.From, s.Until); why != "" && !slices.Contains(s.accept, OnLeave) {
		out = append(out, p.fault(OnLeave, s, "%s %s", s.Person, why))
	}
	return append(out, p.asleep(s, home)...)
}

func (p *Plan) known(person string) bool {
	if p.set.people == nil {
		return p.circle.home[person] != nil
	}
	_, ok := p.set.people.Person(person)
	return ok
}

// whyNobody says why a seat is empty.
func (p *Plan) whyNobody(s Stint) string {
	if s.shift.Site == "" {
		return "no site is on duty: a shift before it lasts too short, or the next one starts too late"
	}
	var away []string
	for _, c := range p.circle.sites {
		if c.Name != s.shift.Site {
			continue
		}
		for _, m := range c.crew(p.circle.number(c, s.shift.Start)) {
			if why := p.away(c, m, s.shift.Start, s.shift.End); why != "" {
				away = append(away, m+" "+why)
			}
		}
	}
	return "nobody is left: " + strings.Join(away, ", ")
}

// asleep finds the parts of a stint in which somebody should be asleep, where nobody accepted that.
func (p *Plan) asleep(s Stint, home *site) (out []Fault) {
	if slices.Contains(s.accept, Night) {
		return nil
	}
	if home == nil {
		return []Fault{p.fault(Night, s, "%s is a member of no site, so that it is not known whether it is night there", s.Person)}
	}
	if home.AcceptNights != "" {
		return nil
	}
	for _, n := range nights(home.zone, s.From, s.Until) {
		dark := s
		dark.From, dark.Until = n.from, n.until
		out = append(out, p.fault(Night, dark, "it is %s to %s in %s, and %s should be asleep",
			n.from.In(home.zone).Format("15:04"), n.until.In(home.zone).Format("15:04"), home.Name, s.Person))
	}
	return out
}

// overlaps finds times that two sites have.
func (p *Plan) overlaps(shifts []Shift) (out []Fault) {
	for i, a := range shifts {
		for _, b := range shifts[i+1:] {
			if !b.Start.Before(a.End) {
				break
			}
			s := Stint{Site: b.Site, From: b.Start, Until: earliest(a.End, b.End)}
			out = append(out, p.fault(Overlap, s, "%s and %s both have it: one of them starts too early or lasts too long", a.Site, b.Site))
		}
	}
	return out
}

// doubles finds times in which one person has both seats.
func (p *Plan) doubles(primary, secondary []Stint) (out []Fault) {
	j := 0
	for _, a := range primary {
		for ; j < len(secondary) && !secondary[j].Until.After(a.From); j++ {
		}
		for _, b := range secondary[j:] {
			if !b.From.Before(a.Until) {
				break
			}
			if a.Person == "" || a.Person != b.Person {
				continue
			}
			s := a
			s.Seat, s.From, s.Until = "", latest(a.From, b.From), earliest(a.Until, b.Until)
			out = append(out, p.fault(Double, s, "%s has both seats: nobody stands behind", s.Person))
		}
	}
	return out
}

// unrested finds people who have a shift too soon after another one.
func (p *Plan) unrested(all []Stint) (out []Fault) {
	slices.SortStableFunc(all, func(a, b Stint) int { return a.From.Compare(b.From) })
	last := map[string]Stint{}
	for _, s := range all {
		was, had := last[s.Person]
		if !had || s.Until.After(was.Until) {
			last[s.Person] = s
		}
		same := was.shift.Start.Equal(s.shift.Start) && was.shift.Site == s.shift.Site
		if s.Person == "" || !had || same || s.From.Sub(was.Until) >= p.circle.Rest || slices.Contains(s.accept, Rest) || slices.Contains(was.accept, Rest) {
			continue
		}
		between := s
		between.From, between.Until = was.Until, s.From
		if between.Until.Before(between.From) {
			between.From, between.Until = s.From, earliest(s.Until, was.Until)
		}
		out = append(out, p.fault(Rest, between, "%s has two shifts with %s between them: want %s", s.Person, max(0, s.From.Sub(was.Until)), p.circle.Rest))
	}
	return out
}

// leavers finds members who have left. Others have their shifts, so that nothing else is wrong yet.
func (p *Plan) leavers(from, until time.Time) (out []Fault) {
	for _, c := range p.circle.sites {
		members := c.crew(p.circle.number(c, from))
		for i := len(c.crews) - 1; i > 0 && p.circle.begins(c, c.crews[i].from).Before(until); i-- {
			members = append(slices.Clone(members), c.crews[i].members...)
		}
		slices.Sort(members)
		for _, m := range slices.Compact(slices.Clone(members)) {
			if left, ok := p.gone[m]; ok && left.Before(until) {
				s := Stint{Site: c.Name, Person: m, From: latest(from, left.UTC()), Until: until}
				out = append(out, p.fault(Left, s, "%s has left and is still a member: take the name out of the text", m))
			}
		}
	}
	return out
}
