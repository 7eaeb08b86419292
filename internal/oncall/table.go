package oncall

import (
	"slices"
	"time"
)

// Turn is a time in which both seats are had by the same two people, with what was changed.
type Turn struct {
	Shift
	Changes []string `json:"changes,omitempty"` // IDs of those that it comes from
}

// Turns gives who has both seats between two times, one after the other without a hole. The first and the last shift are whole.
func (p *Plan) Turns(from, until time.Time) (out []Turn) {
	shifts := p.Shifts(from, until)
	if len(shifts) > 0 {
		from, until = earliest(from, shifts[0].Start), latest(until, shifts[len(shifts)-1].End)
	}
	one, two := p.stints(shifts, Primary, from, until), p.stints(shifts, Secondary, from, until)
	for i, j := 0, 0; i < len(one) && j < len(two); {
		a, b := one[i], two[j]
		t := Turn{Shift: a.shift}
		t.Rota, t.Primary, t.Secondary = p.circle.Name, a.Person, b.Person
		t.Start, t.End = latest(a.From, b.From).UTC(), earliest(a.Until, b.Until).UTC()
		for _, c := range []string{a.Change, b.Change} {
			if c != "" && !slices.Contains(t.Changes, c) {
				t.Changes = append(t.Changes, c)
			}
		}
		out = append(out, t)
		if a.Until.Equal(t.End) {
			i++
		}
		if b.Until.Equal(t.End) {
			j++
		}
	}
	return out
}

// Days gives the time of whole days, the last one with them, where somebody sits.
func (p *Plan) Days(person string, first, last time.Time) (from, until time.Time) {
	zone := time.UTC
	if s := p.circle.home[person]; s != nil {
		zone = s.zone
	}
	return time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone).UTC(), time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone).UTC()
}
