package oncall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Order is who changes a rota, and why.
type Order struct {
	ID     string // of the change to be
	By     string
	Why    string
	At     time.Time
	Accept []FaultKind // that are wanted nevertheless: night, rest and leave can be
}

// acceptable are the faults that somebody may want: they are about people, and leave no hole.
func acceptable() []FaultKind { return []FaultKind{Night, Rest, OnLeave} }

// longest is how long one change lasts at most.
const longest = 366 * day

func (o Order) change(kind Kind, rota string, spans ...Span) Change {
	for i := range spans {
		spans[i].From, spans[i].Until = spans[i].From.UTC(), spans[i].Until.UTC()
	}
	return Change{ID: o.ID, Kind: kind, Rota: rota, By: o.By, Why: o.Why, At: o.At.UTC(), Spans: spans, Accept: o.Accept}
}

// Override gives somebody a seat for a time.
func (p *Plan) Override(o Order, s Span) (Change, error) {
	c := o.change(Override, p.circle.Name, s)
	return c, p.admit(c)
}

// Swap has two people have each other's shift: those who have a seat at two times.
func (p *Plan) Swap(o Order, seat Seat, first, second time.Time) (Change, error) {
	a, b := p.stintAt(seat, first), p.stintAt(seat, second)
	switch {
	case a.Person == "" || b.Person == "":
		return Change{}, fault.New(fault.Conflict, "nobody is %s at one of the two times: there is nothing to swap", seat)
	case a.Person == b.Person:
		return Change{}, fault.New(fault.Conflict, "%s is %s at both times: there is nothing to swap", a.Person, seat)
	}
	c := o.change(Swap, p.circle.Name,
		Span{seat, b.Person, latest(a.From, o.At), a.Until}, Span{seat, a.Person, latest(b.From, o.At), b.Until})
	return c, p.admit(c)
}

// stintAt is the stint of a seat at a time, whole.
func (p *Plan) stintAt(seat Seat, at time.Time) Stint {
	all := p.Stints(seat, at.Add(-2*day), at.Add(2*day))
	return all[slices.IndexFunc(all, func(s Stint) bool { return at.Before(s.Until) })]
}

// Take makes somebody primary from now on, until a time or the end of what the primary of now has. If he is secondary, the two change seats.
// It is for the moment in which somebody has to: that he should be asleep, or had a shift just now, is no hindrance, and is kept with it.
func (p *Plan) Take(o Order, person string, until time.Time) (Change, error) {
	now := p.At(o.At)
	if now.Primary.Person == person {
		return Change{}, fault.New(fault.Conflict, "%s is primary already, until %s", person, stamp(now.Primary.Until))
	}
	if until.IsZero() {
		until = now.Primary.Until
	}
	spans := []Span{{Primary, person, o.At, until}}
	if now.Secondary.Person == person {
		spans = append(spans, Span{Secondary, now.Primary.Person, o.At, until})
	}
	o.Accept = acceptable()
	c := o.change(Take, p.circle.Name, spans...)
	return c, p.admit(c)
}

// Leave says that somebody is away. Others have his shifts.
func (p *Plan) Leave(o Order, person string, from, until time.Time) (Change, error) {
	c := o.change(Away, "", Span{Person: person, From: from, Until: until})
	if p.circle.home[person] == nil {
		return c, fault.New(fault.Invalid, "%s is a member of no site of rota %s, and has no shifts", person, p.circle.Name)
	}
	return c, p.admit(c)
}

// LeaveDays is Leave in whole days, the last one with them, where the person sits. What is over of it is left out.
func (p *Plan) LeaveDays(o Order, person string, first, last time.Time) (Change, error) {
	if last.Before(first) {
		return Change{}, fault.New(fault.Invalid, "the last day of leave is %s, before the first, %s", last.Format(time.DateOnly), first.Format(time.DateOnly))
	}
	from, until := p.Days(person, first, last)
	if from.Before(o.At) && o.At.Before(until) {
		from = o.At // what was is not changed
	}
	return p.Leave(o, person, from, until)
}

// Withdraw takes a change back from now on: what it says of the time before has been.
func (p *Plan) Withdraw(o Order, id string) (Change, error) {
	i := slices.IndexFunc(p.changes, func(c Change) bool { return c.ID == id && c.Kind != Withdrawal })
	if i < 0 {
		return Change{}, fault.New(fault.NotFound, "rota %s has no change %s that is not over: jobzero oncall changes lists them", p.circle.Name, id)
	}
	was := p.changes[i]
	if slices.ContainsFunc(p.changes, func(c Change) bool { return c.Of == id }) {
		return Change{}, fault.New(fault.Conflict, "change %s was taken back already", id)
	}
	var spans []Span
	for _, s := range was.Spans {
		if s.From = latest(s.From, o.At.UTC()); s.From.Before(s.Until) {
			spans = append(spans, s)
		}
	}
	if len(spans) == 0 {
		return Change{}, fault.New(fault.Conflict, "change %s was over at %s: there is nothing to take back", id, stamp(was.Ends()))
	}
	c := o.change(Withdrawal, was.Rota, spans...)
	c.Of = id
	return c, p.admit(c)
}

// admit refuses a change that says nothing, or that does what no change may: with the reason.
func (p *Plan) admit(c Change) error {
	switch {
	case c.By == "" || c.Why == "" || c.ID == "" || c.At.IsZero():
		return fault.New(fault.Invalid, "a change without who makes it, why and when")
	case slices.ContainsFunc(c.Accept, func(k FaultKind) bool { return !slices.Contains(acceptable(), k) }):
		return fault.New(fault.Invalid, "only night, rest and leave can be accepted: a rota without a primary or a secondary never is")
	}
	for _, s := range c.Spans {
		switch {
		case s.Person == "":
			return fault.New(fault.Invalid, "a change without a person")
		case c.Kind != Away && c.Rota != "" && !slices.Contains(Seats(), s.Seat):
			return fault.New(fault.Invalid, "%q is no seat: want primary or secondary", s.Seat)
		case !s.From.Before(s.Until) || s.Until.Sub(s.From) > longest:
			return fault.New(fault.Invalid, "it lasts from %s to %s: want more than nothing, and a year at most", stamp(s.From), stamp(s.Until))
		case s.From.Before(c.At):
			return fault.New(fault.Invalid, "it begins at %s, which is over: what was on duty cannot be changed any more", stamp(s.From))
		}
	}
	if (c.Kind == Away || c.Kind == Withdrawal && c.Rota == "") && p.moved(c) {
		return fault.New(fault.Conflict, "it would change the shift that is under way: have somebody take it, or let the leave begin when it is over")
	}
	if found := p.news(c); len(found) > 0 {
		lines := make([]string, 0, len(found))
		for _, f := range found {
			lines = append(lines, f.String())
		}
		return fault.New(fault.Conflict, "refused, as it would make %s:\n  %s", counted(len(found), "fault"), strings.Join(lines[:min(10, len(lines))], "\n  "))
	}
	return nil
}

func counted(n int, word string) string {
	if n == 1 {
		return "a " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// moved reports whether somebody else would have a seat at the very time of the change.
func (p *Plan) moved(c Change) bool {
	was, is := p.At(c.At), p.With(c).At(c.At)
	return was.Primary.Person != is.Primary.Person || was.Secondary.Person != is.Secondary.Person
}

// news gives the faults that a change would make: those that the proof finds with it and not without, and that nobody accepts.
func (p *Plan) news(c Change) []Fault {
	const around = 2 * day // whose rest a change may shorten
	from, until := c.bounds()
	from, until = from.Add(-around), until.Add(around)
	known := p.Prove(from, until).Faults
	return slices.DeleteFunc(p.With(c).Prove(from, until).Faults, func(f Fault) bool {
		return f.Kind == Unfair || slices.Contains(c.Accept, f.Kind) || slices.ContainsFunc(known, f.within)
	})
}

// within reports whether a fault is a part of another one.
func (f Fault) within(other Fault) bool {
	return f.Kind == other.Kind && f.Seat == other.Seat && f.Person == other.Person && !f.From.Before(other.From) && !f.Until.After(other.Until)
}
