package policy

import (
	"slices"
	"strings"
)

// Narrower reports whether one policy of a user, group or role surely allows no more than another: each thing that it allows the other
// allows, under no condition that it lacks, and each thing that the other denies it denies. False says no more than that it is not seen.
func (d *Document) Narrower(than *Document) bool {
	same := d.Version == than.Version // variables are read in one version only
	return held(d.Statements, than.Statements, true, same) && held(than.Statements, d.Statements, false, same)
}

// held reports whether all that the statements of one effect say is said by others too, of the same effect.
func held(list, by []*Statement, allow, same bool) bool {
	for _, s := range list {
		if s.Allow != allow {
			continue
		}
		for _, a := range span(s.Actions, s.NotActions) {
			for _, r := range span(s.Resources, s.NotRes) {
				if !slices.ContainsFunc(by, func(o *Statement) bool {
					return o.Allow == allow && a.within(span(o.Actions, o.NotActions)) && r.within(span(o.Resources, o.NotRes)) && asks(s, o, same)
				}) {
					return false
				}
			}
		}
	}
	return true
}

// reach is what one pattern matches, or all that no pattern of a list does.
type reach struct {
	one *Pattern
	not []*Pattern
}

func span(yes, no []*Pattern) (out []reach) {
	if no != nil {
		return []reach{{not: no}}
	}
	for _, p := range yes {
		out = append(out, reach{one: p})
	}
	return out
}

// within reports whether one of others matches all that it matches.
func (r reach) within(others []reach) bool {
	return slices.ContainsFunc(others, func(o reach) bool {
		switch {
		case o.one != nil && o.one.any():
			return true
		case o.one != nil:
			return r.one != nil && o.one.Covers(r.one)
		case r.one != nil:
			return !slices.ContainsFunc(o.not, func(p *Pattern) bool { return p.Meets(r.one) })
		}
		// All but some lies within all but others where what the latter leave out is left out of the former too.
		return !slices.ContainsFunc(o.not, func(p *Pattern) bool {
			return !slices.ContainsFunc(r.not, func(q *Pattern) bool { return q.Covers(p) })
		})
	})
}

// asks reports whether a statement asks for all that a wider one does.
func asks(s, wider *Statement, same bool) bool {
	return !slices.ContainsFunc(wider.Conditions, func(c *Condition) bool {
		return !slices.ContainsFunc(s.Conditions, func(o *Condition) bool { return c.same(o) && (same || !c.varies()) })
	})
}

// same reports whether two conditions are one, whatever the letters' case of operator and key and the order of their values.
func (c *Condition) same(o *Condition) bool {
	if !strings.EqualFold(c.Operator, o.Operator) || !strings.EqualFold(c.Key, o.Key) {
		return false
	}
	a, b := slices.Sorted(slices.Values(c.Values)), slices.Sorted(slices.Values(o.Values))
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// varies reports whether a value may have a variable.
func (c *Condition) varies() bool {
	return slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(v, "${") })
}
