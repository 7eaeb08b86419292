package guardrail

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/finding"
)

// Extent is how much of an expectation is prevented.
type Extent string

// The extents.
const (
	Whole   Extent = "whole"   // no call that policies can see makes it fail
	Part    Extent = "part"    // what Leaves says is open
	Nothing Extent = "nothing" // it can only be detected
)

// Coverage is what can be said of one expectation in policies.
type Coverage struct {
	Expectation string           `json:"expectation"`
	Title       string           `json:"title"`
	Severity    finding.Severity `json:"severity"`
	Extent      Extent           `json:"extent"`
	Statements  []string         `json:"statements,omitempty"` // their Sids
	Leaves      []string         `json:"leaves,omitempty"`     // what is not prevented, in words
	Costs       []string         `json:"costs,omitempty"`      // what is refused though it would have been right
	Why         string           `json:"why,omitempty"`        // of Nothing: why
	LeftOut     []string         `json:"left_out,omitempty"`   // statements for which there was no room
}

// finds is one property of a type with the values that fail by themselves.
type finds struct {
	p      *property
	path   string
	domain []any
	bad    []any // with absent where that fails
}

func (f finds) good() []any {
	return slices.DeleteFunc(slices.Clone(f.domain), func(v any) bool { return slices.Contains(f.bad, v) })
}

// Derive says what service control policies can prevent of an expectation.
func Derive(e *expect.Expectation, now time.Time) ([]*Statement, Coverage) {
	c := Coverage{Expectation: e.ID, Title: e.Title, Severity: e.Severity, Extent: Nothing}
	var all []*Statement
	whole := true
	for _, kind := range e.Types {
		d := deriving{asker: newAsker(e, kind, now), cover: &c}
		found := d.statements()
		whole = whole && d.whole
		all = append(all, found...)
	}
	slices.Sort(c.Leaves)
	c.Leaves = slices.Compact(c.Leaves)
	slices.Sort(c.Costs)
	c.Costs = slices.Compact(c.Costs)
	all = merge(all)
	switch {
	case len(all) == 0:
		c.Why, c.Leaves, c.Costs = why(e), nil, nil
	case whole && len(c.Leaves) == 0:
		c.Extent = Whole
	default:
		c.Extent = Part
	}
	return all, c
}

// deriving is the derivation for one type.
type deriving struct {
	asker
	cover *Coverage
	found []finds
	whole bool
}

func (d *deriving) statements() (out []*Statement) {
	table := readKeys()
	properties := table.of(string(d.kind))
	for _, p := range properties {
		if len(p.paths) == 1 && d.asksFor(p.paths[0]) && !d.computed(p.paths[0]) {
			d.found = append(d.found, d.single(p))
		}
	}
	keyed := 0
	for i, f := range d.found {
		some := d.from(f, d.bads(f))
		out = append(out, some...)
		if len(some) > 0 && f.p.leaves != "" {
			d.cover.Leaves = append(d.cover.Leaves, f.p.leaves)
		}
		keyed += len(some)
		for _, g := range d.found[i+1:] {
			pair := d.pair(f, g)
			if len(pair) > 0 {
				for _, p := range []*property{f.p, g.p} {
					if p.leaves != "" {
						d.cover.Leaves = append(d.cover.Leaves, p.leaves)
					}
				}
			}
			out = append(out, pair...)
			keyed += len(pair)
		}
	}
	d.whole = keyed > 0 && d.passes()
	if keyed > 0 && !d.whole {
		d.cover.Leaves = append(d.cover.Leaves, d.rest(string(d.kind)))
	}
	for _, p := range properties {
		more := d.switches(p)
		if len(more) > 0 {
			d.whole = false
			if p.leaves != "" {
				d.cover.Leaves = append(d.cover.Leaves, p.leaves)
			}
		}
		out = append(out, more...)
	}
	if keep := table.keep[string(d.kind)]; keep != nil {
		out = append(out, d.make("Keep"+short(string(d.kind)), keep, "*", nil))
		d.whole = false
		d.cover.Leaves = append(d.cover.Leaves, "what is wrong already; it is only kept from being taken away")
	}
	return out
}

// computed reports whether the expectation also asks for what lies beside a property by a name that it puts together: then one
// property cannot be asked about alone.
func (d *deriving) computed(path string) bool {
	for _, a := range d.asks {
		if computed(a, setting{path: absent}) {
			return true
		}
	}
	return false
}

// asksFor reports whether the expectation names a property.
func (d *deriving) asksFor(path string) bool {
	want := "properties." + strings.ReplaceAll(path, "[]", "[0]")
	for _, a := range d.asks {
		if pathOf(a.Path) == want {
			return true
		}
	}
	return false
}

// single asks about each value of one property, nothing else being known.
func (d *deriving) single(p *property) finds {
	f := finds{p: p, path: p.paths[0], domain: d.domain(p, p.paths[0])}
	for _, v := range f.domain {
		if d.result(setting{f.path: v}) == expect.Fail && d.inLists(f, v) {
			f.bad = append(f.bad, v)
		}
	}
	return f
}

// inLists asks again with other elements beside it: who wants one good element is not refused for a bad one.
func (d *deriving) inLists(f finds, v any) bool {
	if !strings.Contains(f.path, "[]") || v == absent {
		return true
	}
	for _, w := range f.domain {
		if w != absent && d.resultOfTwo(f.path, v, w) != expect.Fail {
			return false
		}
	}
	return true
}

// bads are the conditions on the values that fail by themselves.
func (d *deriving) bads(f finds) map[string][]any { return map[string][]any{f.path: f.bad} }

// from makes a statement for each row of a property, where a condition can tell the bad values.
func (d *deriving) from(f finds, bad map[string][]any) (out []*Statement) {
	if len(f.bad) == 0 {
		return nil
	}
	for _, r := range f.p.rows {
		switch r.kind {
		case denyRow:
			if r.unsaid == "follow" {
				continue
			}
			if c, ok := condition(r, f.domain, bad[f.path]); ok {
				d.unsaid(r, f, setting{f.path: absent})
				out = append(out, d.make(d.e.ID, r.actions, r.resource, c))
			}
		case fixedRow:
			out = append(out, d.strict(r))
		case offRow, freezeRow: // see switches
		}
	}
	return out
}

// pair is for values of two properties that fail only together.
func (d *deriving) pair(f, g finds) (out []*Statement) {
	var left, right []any
	n := 0
	for _, v := range f.good() {
		for _, w := range g.good() {
			if d.result(setting{f.path: v, g.path: w}) != expect.Fail {
				continue
			}
			n++
			if !slices.Contains(left, v) {
				left = append(left, v)
			}
			if !slices.Contains(right, w) {
				right = append(right, w)
			}
		}
	}
	if n == 0 || n != len(left)*len(right) {
		return nil
	}
	for _, a := range f.p.rows {
		for _, b := range g.p.rows {
			if a.kind != denyRow || b.kind != denyRow || a.resource != b.resource || !slices.Equal(a.actions, b.actions) || a.unsaid == "follow" && b.unsaid == "follow" {
				continue
			}
			one, ok := condition(a, f.domain, left)
			two, fine := condition(b, g.domain, right)
			if ok && fine {
				d.unsaid(a, f, setting{f.path: absent, g.path: right[0]})
				out = append(out, d.make(d.e.ID, a.actions, a.resource, append(one, two...)))
				d.costOfPair(a, b)
			}
		}
	}
	for _, p := range []*property{f.p, g.p} {
		for _, r := range p.rows {
			if r.kind == fixedRow && len(out) > 0 {
				out = append(out, d.strict(r))
			}
		}
	}
	return out
}

// unsaid says that calls are let through which do not say the value, where that is wrong or may be.
func (d *deriving) unsaid(r row, f finds, s setting) {
	makes := slices.ContainsFunc(r.actions, func(a string) bool {
		_, name, _ := strings.Cut(a, ":")
		return slices.ContainsFunc([]string{"Create", "Restore", "Run", "Register"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
	})
	found := d.result(s)
	if makes && (r.unsaid == "keep" && found == expect.Fail || r.unsaid == "default" && found == expect.Unknown) {
		d.cover.Leaves = append(d.cover.Leaves, strings.Join(r.actions, ", ")+" without a word about "+f.path)
	}
}

// costOfPair says what is refused when one half of a pair is not said.
func (d *deriving) costOfPair(rows ...row) {
	for _, r := range rows {
		if r.unsaid == "follow" {
			d.cover.Costs = append(d.cover.Costs, strings.Join(r.actions, ", ")+" where "+r.key+" is not said and is right already")
		}
	}
}

func (d *deriving) make(name string, actions []string, resource string, c []Condition) *Statement {
	return &Statement{
		Sid: sidOf(name), Actions: slices.Clone(actions), Resource: resource, Conditions: c, For: []string{d.e.ID}, Severity: d.e.Severity,
	}
}

func (d *deriving) strict(r row) *Statement {
	s := d.make(d.e.ID+"-use", r.actions, r.resource, []Condition{{r.operator, r.key, []string{r.value}}})
	s.Strict = true
	d.cover.Costs = append(d.cover.Costs, "every call with a credential that "+r.key+" says was come by in the old way; --gentle leaves it out")
	return s
}

// switches are for calls that make a value whatever they say.
func (d *deriving) switches(p *property) (out []*Statement) {
	for _, r := range p.rows {
		switch r.kind {
		case offRow:
			if !d.asksFor(p.paths[0]) && !d.asksForAny(p) {
				continue
			}
			if d.fails(p, literalOf(r.value)) {
				out = append(out, d.make(d.e.ID, r.actions, "*", nil))
			}
		case freezeRow:
			if !d.asksForAny(p) || !d.matters(p, literalOf(r.value)) {
				continue
			}
			s := d.make(d.e.ID+"-stays", r.actions, "*", nil)
			s.Freezes = true
			out = append(out, s)
			d.cover.Costs = append(d.cover.Costs, strings.Join(r.actions, ", ")+" as a whole, also where it would put things right; exempt who may, or use --gentle")
		case denyRow, fixedRow:
		}
	}
	return out
}

// fails reports whether a value fails, or is what stands between the expectation and its being met.
func (d *deriving) fails(p *property, v any) bool {
	switch d.result(d.all(p, v)) {
	case expect.Fail:
		return true
	case expect.Unknown:
		return slices.ContainsFunc(d.domain(p, p.paths[0]), func(w any) bool { return d.result(d.all(p, w)) == expect.Pass })
	case expect.Pass, expect.NotApplicable:
	}
	return false
}

func (d *deriving) all(p *property, v any) setting {
	s := setting{}
	for _, path := range p.paths {
		s[path] = v
	}
	return s
}

// asksForAny reports whether the expectation asks for one of the paths, or for members of what they are in by a name that it puts
// together.
func (d *deriving) asksForAny(p *property) bool {
	for _, path := range p.paths {
		if d.asksFor(path) {
			return true
		}
		at := strings.LastIndexByte(path, '.')
		for _, a := range d.asks {
			if n := len(a.Path); at > 0 && n > 0 && a.Path[n-1].Element && pathOf(a.Path[:n-1]) == "properties."+path[:at] {
				return true
			}
		}
	}
	return false
}

// matters reports whether the good value is what makes the difference: with it the expectation is met, and with no other value of
// the property it is.
func (d *deriving) matters(p *property, good any) bool {
	if d.result(d.all(p, good)) != expect.Pass {
		return false
	}
	for _, v := range d.domain(p, p.paths[0]) {
		if d.result(d.all(p, v)) == expect.Fail {
			return true
		}
	}
	return d.result(d.all(p, absent)) != expect.Pass
}

// passes reports whether the expectation is met when each property of the table has a value that is not denied, whatever the
// rest is.
func (d *deriving) passes() bool {
	s := setting{}
	for _, f := range d.found {
		for _, v := range f.good() {
			if v != absent && d.result(setting{f.path: v}) != expect.Fail {
				s[f.path] = v
				if d.result(s) == expect.Pass {
					return true
				}
			}
		}
	}
	return len(s) > 0 && d.result(s) == expect.Pass
}

// rest names what the expectation asks for and no policy can tell.
func (d *deriving) rest(kind string) string {
	s := setting{}
	for _, f := range d.found {
		if len(f.bad) > 0 {
			s[f.path] = absent
		}
	}
	list := d.unknown(s)
	if len(list) == 0 {
		return "values of " + kind + " that come about otherwise"
	}
	for i := range list {
		list[i] = strings.ReplaceAll(strings.TrimPrefix(list[i], "properties."), "[0]", "[]")
	}
	return "what " + kind + " has as " + strings.Join(list, ", ") + ", for which there is no condition key in the table"
}

// short is the last part of a type's name.
func short(kind string) string {
	return strings.ReplaceAll(strings.TrimPrefix(kind, "AWS::"), "::", "-")
}
