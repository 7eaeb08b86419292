package oncall

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Load is what one person carries of a rota. A shift is one in either seat, of which some is his.
type Load struct {
	Person   string  `json:"person"`
	Site     string  `json:"site"`
	Shifts   int     `json:"shifts"`
	Primary  int     `json:"primary"` // of the shifts
	Hours    float64 `json:"hours"`
	Nights   float64 `json:"night_hours"` // of the hours, between 23:00 and 07:00 where he is
	Weekends int     `json:"weekends"`    // shifts that begin on a Saturday or Sunday there
	Holidays int     `json:"holidays"`    // shifts on a holiday there
	Away     int     `json:"away"`        // shifts of the site that he could not have had
	Could    int     `json:"could"`       // shifts of the site that he could have had
}

// loads adds up what everybody has between two times, by site and in the order of the text.
func (p *Plan) loads(all []Stint, from, until time.Time) []Load {
	known := map[string]*Load{}
	of := func(person, site string) *Load {
		if known[person] == nil {
			known[person] = &Load{Person: person, Site: site}
		}
		return known[person]
	}
	order := map[string]int{}
	for i, s := range p.circle.sites {
		order[s.Name] = i
		p.presence(s, from, until, of)
	}
	last := map[string]Stint{}
	for _, s := range all {
		if s.Person == "" {
			continue
		}
		l := of(s.Person, s.Site)
		l.Hours += s.Until.Sub(s.From).Hours()
		home := p.circle.home[s.Person]
		if home != nil {
			for _, n := range nights(home.zone, s.From, s.Until) {
				l.Nights += n.until.Sub(n.from).Hours()
			}
		}
		if was, ok := last[s.Person]; ok && was.Seat == s.Seat && was.shift.Start.Equal(s.shift.Start) {
			continue // the rest of a shift that somebody else had a part of
		}
		last[s.Person] = s
		l.count(s, home)
	}
	out := make([]Load, 0, len(known))
	for _, l := range known {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Load) int { return cmp.Or(order[a.Site]-order[b.Site], cmp.Compare(a.Person, b.Person)) })
	return out
}

// count counts one shift.
func (l *Load) count(s Stint, home *site) {
	l.Shifts++
	if s.Seat == Primary {
		l.Primary++
	}
	if home == nil {
		return
	}
	if d := s.shift.Start.In(home.zone).Weekday(); d == time.Saturday || d == time.Sunday {
		l.Weekends++
	}
	if s.shift.Holiday != "" {
		l.Holidays++
	}
}

// presence counts the shifts that each member could have had, and could not.
func (p *Plan) presence(s *site, from, until time.Time, of func(person, site string) *Load) {
	for n := p.circle.number(s, from) + 1; p.circle.begins(s, n).Before(until); n++ {
		at := p.circle.begins(s, n)
		for _, m := range s.crew(n) {
			if p.away(s, m, at, at.Add(s.Lasts)) != "" {
				of(m, s.Name).Away++
			} else {
				of(m, s.Name).Could++
			}
		}
	}
}

// What a load may be away from a fair one: a quarter, and some shifts where there are few.
const fairPart, fairShifts = 0.25, 6

// unfair finds people who have far more or less than their part. Whoever was away half of the year has a fair load with half of the shifts.
func (p *Plan) unfair(all []Load, from, until time.Time) (out []Fault) {
	for _, site := range p.circle.sites {
		var shifts, could float64
		for _, l := range all {
			if l.Site == site.Name {
				shifts, could = shifts+float64(l.Shifts), could+float64(l.Could)
			}
		}
		for _, l := range all {
			fair := shifts * float64(l.Could) / math.Max(could, 1)
			if l.Site != site.Name || math.Abs(float64(l.Shifts)-fair) <= math.Max(fairShifts, fairPart*fair) {
				continue
			}
			s := Stint{Site: l.Site, Person: l.Person, From: from, Until: until}
			out = append(out, p.fault(Unfair, s, "%s has %d shifts, where %.0f would be fair", l.Person, l.Shifts, fair))
		}
	}
	return out
}
