package ledger

import (
	"encoding/json"
	"time"

	"jobzero/internal/fault"
)

// What is what a use is about.
type What struct {
	Principal string `json:"principal"`
	Root      Root   `json:"root"`
	Act
	Resource string `json:"resource"`
	Account  string `json:"account,omitempty"`
	Region   string `json:"region,omitempty"`
}

// Fact is the uses of one kind on one day: a ledger in single pieces, for a store that keeps them.
type Fact struct {
	What
	Day                     uint32 // since 1970
	Times, Refused, Console uint32
	First, Last             uint32 // seconds since 1970
}

// Top is the last step of the ladder that resources go up when there are too many.
const Top = topOfAll

// Up is what a use is about with its resource so many steps up the ladder.
func (w What) Up(step int) What {
	w.Resource = climb(w.Resource, step)
	return w
}

// Place is where what is counted together grows: what one principal touched by one action, of one kind or bucket. It is false of what
// stands for all of those already.
func (w What) Place() (string, bool) {
	top := climb(w.Resource, trunk)
	if top == w.Resource {
		return "", false
	}
	text, err := json.Marshal([]any{w.Principal, w.Act, top})
	return string(text), err == nil
}

// Join adds another fact of the same uses and day.
func (f *Fact) Join(o Fact) {
	c := f.cell()
	c.join(o.cell())
	f.Times, f.Refused, f.Console, f.First, f.Last = c.times, c.refused, c.console, c.first, c.last
}

func (f *Fact) cell() cell {
	return cell{day: f.Day, times: f.Times, refused: f.Refused, console: f.Console, first: f.First, last: f.Last}
}

// Facts are those that a ledger comes to, in order. Uses of which only the day is known are not among them: see Counts.Beyond.
func (l *Ledger) Facts() (out []Fact) {
	for _, r := range l.sorted() {
		if r.key == (key{}) {
			continue
		}
		t := l.tupleOf(r.key)
		what := What{t.principal, t.root, t.act, t.resource, t.account, t.region}
		for _, c := range r.days {
			out = append(out, Fact{what, c.day, c.times, c.refused, c.console, c.first, c.last})
		}
	}
	return out
}

// Put adds a fact. An error is fault.Invalid: there can be none such.
func (l *Ledger) Put(f Fact) error {
	r := rowLine{Principal: f.Principal, Root: f.Root, Act: f.Act, Resource: f.Resource, Account: f.Account, Region: f.Region}
	c := f.cell()
	if !r.sound() || !c.sound() || c.first/day != c.day || c.last/day != c.day {
		return fault.New(fault.Invalid, "what %s did by %s cannot be: want a principal, an action, a resource and times of its day", f.Principal, f.Name)
	}
	l.put(tuple{f.Principal, f.Root, f.Act, f.Resource, f.Account, f.Region}, c)
	return nil
}

// Resume says what became of the records that facts were made of.
func (l *Ledger) Resume(c Counts) {
	l.counts.add(c)
}

// DayOf is the day of a time, as facts have it; zero before 1970.
func DayOf(t time.Time) uint32 {
	return uint32(min(max(t.Unix(), 0), latest) / day)
}

// Names are the principals under which a ledger may have what somebody did: himself, and his role where a record did not tell its path.
func Names(principal string) []string {
	if loose := pathless(principal); loose != "" && loose != principal {
		return []string{principal, loose}
	}
	return []string{principal}
}
