package oncall

import (
	"slices"
	"time"
)

// Stint is a time in which one person has one seat, with what was changed. Where nobody has it Person is empty.
type Stint struct {
	Seat   Seat      `json:"seat"`
	Person string    `json:"person"`
	Site   string    `json:"site"` // of the person, or else of the shift
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Change string    `json:"change,omitempty"` // that says so; empty: it is his turn

	shift  Shift
	accept []FaultKind
}

// Stints gives, for one seat, who has it between two times: one after the other, without a hole. At the two ends they are cut off.
func (p *Plan) Stints(seat Seat, from, until time.Time) []Stint {
	return p.stints(p.Shifts(from, until), seat, from, until)
}

// stints cuts a time at every instant at which something may change, and joins what did not. Of shifts that overlap, which a proof does not
// let through, the later one counts.
func (p *Plan) stints(shifts []Shift, seat Seat, from, until time.Time) (out []Stint) {
	cuts := []time.Time{from, until}
	add := func(all ...time.Time) {
		for _, t := range all {
			if t.After(from) && t.Before(until) {
				cuts = append(cuts, t)
			}
		}
	}
	for _, s := range shifts {
		add(s.Start, s.End)
	}
	var mine []granted
	for _, g := range p.seats {
		if g.Seat == seat && g.From.Before(until) && from.Before(g.Until) {
			mine = append(mine, g)
			add(g.From, g.Until)
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	next := 0
	var now Shift
	for i, at := range cuts[:len(cuts)-1] {
		for ; next < len(shifts) && !shifts[next].Start.After(at); next++ {
			if shifts[next].End.After(at) {
				now = shifts[next]
			}
		}
		one := p.stint(now, mine, seat, at, cuts[i+1])
		if last := len(out) - 1; last >= 0 && out[last].joins(one) {
			out[last].Until = one.Until
			continue
		}
		out = append(out, one)
	}
	return out
}

// stint is who has a seat in a time in which nothing changes.
func (p *Plan) stint(now Shift, mine []granted, seat Seat, from, until time.Time) Stint {
	one := Stint{Seat: seat, From: from, Until: until}
	if !from.Before(now.Start) && from.Before(now.End) {
		one.Person, one.Site, one.shift = now.In(seat), now.Site, now
	}
	if g, is := over(mine, seat, from); is {
		one.Person, one.Change, one.accept = g.Person, g.change, g.accept
	}
	if s := p.circle.home[one.Person]; s != nil {
		one.Site = s.Name
	}
	return one
}

// joins reports whether the next stint is the same one going on.
func (s Stint) joins(next Stint) bool {
	return s.Person == next.Person && s.Change == next.Change && s.shift.Start.Equal(next.shift.Start) && s.shift.Site == next.shift.Site
}

// holder is the stint with those beside it in which the same person has the seat.
func holder(all []Stint, at int) Holder {
	h := Holder{Person: all[at].Person, Site: all[at].Site, Since: all[at].From, Until: all[at].Until}
	for i := at - 1; i >= 0 && all[i].Person == h.Person; i-- {
		h.Since = all[i].From
	}
	for i := at + 1; i < len(all) && all[i].Person == h.Person; i++ {
		h.Until = all[i].Until
	}
	return h
}

// At gives who is on duty at a time, by the plan: whether they have accepted is not known here.
func (p *Plan) At(at time.Time) Duty {
	at = at.UTC()
	from, until := at.Add(-day), at.Add(2*day) // nobody's stint without changes reaches further
	for _, g := range p.seats {
		if !at.Before(g.From) && at.Before(g.Until) {
			from, until = earliest(from, g.From), latest(until, g.Until.Add(day))
		}
	}
	shifts := p.Shifts(from, until)
	d := Duty{Rota: p.circle.Name, At: at, Sample: p.set.sample}
	for _, seat := range Seats() {
		all := p.stints(shifts, seat, from, until)
		i := slices.IndexFunc(all, func(s Stint) bool { return at.Before(s.Until) })
		h := holder(all, i)
		if seat == Secondary {
			d.Secondary = h
			continue
		}
		d.Primary = h
		if n := slices.IndexFunc(all, func(s Stint) bool { return !s.From.Before(h.Until) }); n >= 0 {
			d.Next = holder(all, n)
		}
	}
	return d
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
