package intel

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// expr is a pattern about one observation: tests joined by and and or.
type expr struct {
	op    operator
	parts []*expr
	test  *test
}

type operator uint8

const (
	one operator = iota // the test alone
	and
	or
)

func join(op operator, parts []*expr) *expr {
	if len(parts) == 1 {
		return parts[0]
	}
	return &expr{op: op, parts: parts}
}

// test compares what an event has of a kind.
type test struct {
	kind   Kind
	not    bool
	values []string       // any of them
	like   *regexp.Regexp // instead of values
	around bool           // the event's ranges hold the value, as in ISSUPERSET
}

// newTest makes a test of an operator of section 9.6.
func newTest(kind Kind, op string, not bool, values []string) (*expr, error) {
	t := &test{kind: kind, not: not}
	switch op {
	case "!=", "<>":
		t.not = !t.not
	case "=", "IN":
	case "ISSUBSET", "ISSUPERSET":
		if kind != Address {
			return nil, fmt.Errorf("%s is about addresses, not about a %s", op, kind)
		}
		t.around = op == "ISSUPERSET"
	case "LIKE", "MATCHES":
		return t.resembling(op, values[0])
	default:
		return nil, fmt.Errorf("the comparison %.20q is not known here: use =, !=, IN, LIKE, MATCHES, ISSUBSET or ISSUPERSET", op)
	}
	for _, v := range values {
		n, err := normal(kind, v)
		if err != nil {
			return nil, err
		}
		t.values = append(t.values, n)
	}
	return &expr{test: t}, nil
}

// resembling makes a test of LIKE, where % stands for any text and _ for any letter, or of a regular expression. Case counts for
// neither, as it does for none of the names.
func (t *test) resembling(op, value string) (*expr, error) {
	const longest = 1000
	if len(value) > longest {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", op, len(value), longest)
	}
	text := value
	if op == "LIKE" {
		var b strings.Builder
		for _, c := range value {
			switch c {
			case '%':
				b.WriteString(".*")
			case '_':
				b.WriteByte('.')
			default:
				b.WriteString(regexp.QuoteMeta(string(c)))
			}
		}
		text = "^" + b.String() + "$"
	}
	re, err := regexp.Compile("(?is)" + text)
	if err != nil {
		return nil, fmt.Errorf("MATCHES %.80q is not an expression of RE2, which has no look-around and no back-references: %w", value, err)
	}
	if t.like = re; !t.not && re.MatchString("") {
		return nil, fmt.Errorf("%s %.80q matches everything", op, value)
	}
	return &expr{test: t}, nil
}

// observed is one thing that an event has.
type observed struct {
	kind  Kind
	text  string // as normal makes it
	addr  netip.Addr
	field string
	said  string // as the event says it
}

// holds reports whether a pattern is true of what an event has.
func (e *expr) holds(all []observed) bool {
	switch e.op {
	case and:
		return !slices.ContainsFunc(e.parts, func(p *expr) bool { return !p.holds(all) })
	case or:
		return slices.ContainsFunc(e.parts, func(p *expr) bool { return p.holds(all) })
	default:
		return slices.ContainsFunc(all, func(o observed) bool { return o.kind == e.test.kind && e.test.fits(o) != e.test.not })
	}
}

func (t *test) fits(o observed) bool {
	if t.like != nil {
		return t.like.MatchString(o.text)
	}
	return slices.ContainsFunc(t.values, func(v string) bool {
		switch t.kind {
		case Address:
			p, err := prefix(v)
			return err == nil && o.addr.IsValid() && (p.Contains(o.addr) && (!t.around || p.IsSingleIP()))
		case Domain:
			return below(o.text, v)
		default:
			return o.text == v
		}
	})
}

// below reports whether a name is another one or lies below it.
func below(name, of string) bool {
	rest, ok := strings.CutSuffix(name, of)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}

// atom is a value of which an event must have one for a pattern to hold.
type atom struct {
	kind  Kind
	value string
}

// atoms gives values of which an event must have at least one for the pattern to hold; false where there are none, as with LIKE.
func (e *expr) atoms() ([]atom, bool) {
	switch e.op {
	case and: // any one part is needed: the one with the fewest
		var best []atom
		for _, p := range e.parts {
			if a, ok := p.atoms(); ok && (best == nil || len(a) < len(best)) {
				best = a
			}
		}
		return best, best != nil
	case or:
		var all []atom
		for _, p := range e.parts {
			a, ok := p.atoms()
			if !ok {
				return nil, false
			}
			all = append(all, a...)
		}
		return all, true
	default:
		if e.test.not || e.test.like != nil {
			return nil, false
		}
		var all []atom
		for _, v := range e.test.values {
			all = append(all, atom{e.test.kind, v})
		}
		return all, true
	}
}

// plain reports whether having one of the atoms is all that the pattern asks.
func (e *expr) plain() bool {
	switch e.op {
	case and:
		return false
	case or:
		return !slices.ContainsFunc(e.parts, func(p *expr) bool { return !p.plain() })
	default:
		return !e.test.not && e.test.like == nil && !e.test.around
	}
}

// needs reports whether the pattern can only hold where an event has something: one of negations alone is about every event.
func (e *expr) needs() bool {
	switch e.op {
	case and:
		return slices.ContainsFunc(e.parts, (*expr).needs)
	case or:
		return !slices.ContainsFunc(e.parts, func(p *expr) bool { return !p.needs() })
	default:
		return !e.test.not
	}
}
