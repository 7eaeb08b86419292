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
	// Clashes are times in which somebody is on duty in another rota too, where those were looked at: a warning, and no fault.
	Clashes []Clash `json:"clashes,omitempty"`
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
