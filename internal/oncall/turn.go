package oncall

import "slices"

// pair is who has the seats of a shift, by their order in Seats; empty where nobody is left.
type pair [2]string

func (p pair) has(person string) bool { return p[0] == person || p[1] == person }

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return (a%b + b) % b }

// floor is the quotient that belongs to mod.
func floor(a, b int64) int64 { return (a - mod(a, b)) / b }

// crew gives the members whose turn a shift is.
func (s *site) crew(n int64) []string {
	at := len(s.crews) - 1
	for at > 0 && n < s.crews[at].from {
		at--
	}
	return s.crews[at].members
}

// turn is the number that says whose turn a shift is, if nobody were ever away. By turns everybody has each day of the week equally often: with
// seven people, or fourteen, somebody would have all Sundays, so that there the turns move on by one each time round. Holidays have turns of
// their own, which move on by one each year.
func (c *circle) turn(s *site, n int64) int64 {
	if year, j, is := c.holiday(s, n); is {
		return int64(year + j)
	}
	if m := int64(len(s.crew(n))); m%7 == 0 {
		return n + floor(n, m)
	}
	return n
}

// raw gives whose turn a shift is. The secondary's turn is half a round away, so that with four people or more nobody has a seat on two
// days running.
func (c *circle) raw(s *site, n int64) pair {
	members := s.crew(n)
	m, turn := int64(len(members)), c.turn(s, n)
	return pair{members[mod(turn, m)], members[mod(turn+m/2, m)]}
}

// pair gives who has a shift: those whose turn it is, and others only for those who are away or had the shift before or have the next. Shifts
// with even numbers look at whose turn the ones beside them are, odd ones at who has those: so each is settled by a few around it. Where a
// holiday and another day want the same person, the other day yields, or the same people would have fewer holidays every year.
func (p *Plan) pair(s *site, n int64) pair {
	c := p.circle
	beside := p.pair
	if n%2 == 0 {
		_, _, feast := c.holiday(s, n)
		beside = func(s *site, n int64) pair {
			if _, _, is := c.holiday(s, n); feast && !is {
				return pair{}
			}
			return c.raw(s, n)
		}
	}
	before, after := beside(s, n-1), beside(s, n+1)
	start := c.begins(s, n)
	fits := func(person string, rested bool) bool {
		tired := before.has(person) || after.has(person)
		return person != "" && p.away(s, person, start, start.Add(s.Lasts)) == "" && (!rested || !tired)
	}
	raw, others := c.raw(s, n), others(s.crew(n), c.turn(s, n), n)
	primary := pick(raw[0], others(0), "", raw[1], fits)
	return pair{primary, pick(raw[1], others(int64(len(s.crew(n))/2)), primary, "", fits)}
}

// others gives, for a seat, the other members in the order in which they stand in. It begins elsewhere each time round, so that the same one
// does not stand in for somebody during all of his leave.
func others(members []string, turn, n int64) func(seat int64) []string {
	m := int64(len(members))
	return func(seat int64) []string {
		out := make([]string, 0, m)
		for k := range m - 1 {
			out = append(out, members[mod(turn+seat+1+mod(floor(n, m)+k, m-1), m)])
		}
		return out
	}
}

// pick gives somebody who fits: the one whose turn it is, or else the first of the others; somebody rested before somebody who is not. Whoever
// has the other seat already is taken; whoever is to have it is spared as long as there is anybody else.
func pick(want string, others []string, taken, spared string, fits func(person string, rested bool) bool) string {
	for _, rested := range []bool{true, false} {
		if want != taken && fits(want, rested) {
			return want
		}
		at := slices.IndexFunc(others, func(o string) bool { return o != taken && o != spared && fits(o, rested) })
		if at >= 0 {
			return others[at]
		}
	}
	if spared != taken && fits(spared, false) {
		return spared
	}
	return ""
}
