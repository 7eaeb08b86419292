package sigma

import (
	"math"
	"net/netip"
	"strings"

	"jobzero/internal/doc"
)

// kind is how a line compares.
type kind string

const (
	kindText     kind = "text"
	kindRegexp   kind = "re"
	kindCIDR     kind = "cidr"
	kindExists   kind = "exists"
	kindFieldRef kind = "fieldref"
	kindLess     kind = "lt"
	kindLessEq   kind = "lte"
	kindMore     kind = "gt"
	kindMoreEq   kind = "gte"
)

// modifiers is what the words after the field's name come to.
type modifiers struct {
	kind     kind
	position string // contains, startswith, endswith or empty
	part     string // minute, hour … of a time, or empty
	flags    string // of a regular expression
	encoders []string
	all      bool
	cased    bool
	neq      bool
	windash  bool
	expand   bool
	prefix   string // stands before the values in the event; from a Mapping
	suffix   string // stands behind them
}

func readModifiers(text string, at *doc.Node) (modifiers, error) {
	m := modifiers{kind: kindText}
	if text == "" {
		return m, nil
	}
	for word := range strings.SplitSeq(text, "|") {
		if err := m.add(word, at); err != nil {
			return m, err
		}
	}
	return m, m.check(at)
}

func (m *modifiers) add(word string, at *doc.Node) error {
	switch word {
	case "contains", "startswith", "endswith":
		if m.position != "" {
			return at.Errorf("modifiers %s and %s exclude each other: keep one", m.position, word)
		}
		m.position = word
	case "re", "cidr", "exists", "fieldref", "lt", "lte", "gt", "gte":
		if m.kind != kindText {
			return at.Errorf("modifiers %s and %s exclude each other: keep one", m.kind, word)
		}
		m.kind = kind(word)
	case "i", "m", "s":
		if m.kind != kindRegexp {
			return at.Errorf("modifier %s only works after re", word)
		}
		m.flags += word
	case "minute", "hour", "day", "week", "month", "year":
		m.part = word
	case "base64", "base64offset", "wide", "utf16le", "utf16be", "utf16":
		m.encoders = append(m.encoders, word)
	case "all":
		m.all = true
	case "cased":
		m.cased = true
	case "neq":
		m.neq = true
	case "windash":
		m.windash = true
	case "expand":
		m.expand = true
	default:
		return at.Errorf("modifier %q is not known: use contains, startswith, endswith, all, cased, neq, exists, re (i m s), cidr, "+
			"lt, lte, gt, gte, fieldref, expand, windash, base64, base64offset, wide, utf16, utf16le, utf16be, minute, hour, day, week, month or year", word)
	}
	return nil
}

// check refuses combinations that mean nothing.
func (m modifiers) check(at *doc.Node) error {
	switch {
	case m.position != "" && m.kind != kindText && m.kind != kindFieldRef:
		return at.Errorf("modifiers %s and %s exclude each other: keep one", m.position, m.kind)
	case (len(m.encoders) > 0 || m.windash) && m.kind != kindText:
		return at.Errorf("modifier %s takes no encoding and no windash", m.kind)
	case len(m.encoders) > 0 && m.windash:
		return at.Errorf("windash and an encoding exclude each other: write the dashes out as several values")
	case m.part != "" && (m.position != "" || len(m.encoders) > 0 || m.windash || m.kind == kindRegexp || m.kind == kindCIDR ||
		m.kind == kindExists || m.kind == kindFieldRef):
		return at.Errorf("modifier %s only works alone or with lt, lte, gt, gte and neq", m.part)
	case m.kind == kindExists && (m.all || m.cased || m.expand):
		return at.Errorf("exists takes no all, no cased and no expand")
	case m.kind == kindFieldRef && m.expand:
		return at.Errorf("fieldref takes no expand: name the field")
	}
	return nil
}

// forKeywords refuses what needs a field.
func (m modifiers) forKeywords(at *doc.Node) error {
	if m.kind != kindText && m.kind != kindRegexp || m.part != "" {
		return at.Errorf("this line has modifiers that need a field: put the field's name in front")
	}
	return nil
}

// matcher makes what compares one value.
func (m modifiers) matcher(v *doc.Node) (Matcher, error) {
	if m.prefix != "" && m.kind != kindText && v.Kind != doc.Null {
		return nil, v.Errorf("the field's values have a prefix in the event, which only goes with texts and not with %s", m.kind)
	}
	if m.part != "" {
		return m.timePart(v)
	}
	switch m.kind {
	case kindLess, kindLessEq, kindMore, kindMoreEq:
		return m.bound(v)
	case kindRegexp:
		if v.Kind == doc.Null {
			return nil, v.Errorf("null is no regular expression: put the line without re into another search")
		}
		return newRegex(m.flags, v)
	case kindCIDR:
		p, err := netip.ParsePrefix(v.Text)
		if err != nil {
			return nil, v.Errorf("%q is not a network: write it as 203.0.113.0/24", v.Text)
		}
		return network{p.Masked()}, nil
	case kindFieldRef:
		if v.Text == "" {
			return nil, v.Errorf("fieldref needs the name of a field")
		}
		return fieldRef{v.Text, m.position, m.cased}, nil
	default:
		return m.textMatcher(v)
	}
}

// bound orders by a number.
func (m modifiers) bound(v *doc.Node) (Matcher, error) {
	if n := newNumber(v.Text); math.IsNaN(n.value) || math.IsInf(n.value, 0) {
		return nil, v.Errorf("%s needs a number, not %q", m.kind, v.Text)
	}
	return newCompare(m.kind, v)
}

// timePart compares a part of a time with a number that it can have.
func (m modifiers) timePart(v *doc.Node) (Matcher, error) {
	limits := map[string][2]float64{"minute": {0, 59}, "hour": {0, 23}, "day": {1, 31}, "week": {1, 53}, "month": {1, 12}, "year": {1, 9999}}
	x, err := newPart(m.part, m.kind, v)
	if err != nil {
		return nil, err
	}
	if n, in := newNumber(v.Text).value, limits[m.part]; !(n >= in[0] && n <= in[1]) {
		return nil, v.Errorf("%s %s can never be: it is a number from %.0f to %.0f", m.part, v.Text, in[0], in[1])
	}
	return x, nil
}

func (m modifiers) textMatcher(v *doc.Node) (Matcher, error) {
	plain := m.position == "" && len(m.encoders) == 0
	switch {
	case v.Kind == doc.Null && plain:
		return null{}, nil
	case v.Kind == doc.Null:
		return nil, v.Errorf("null takes no contains, startswith, endswith and no encoding")
	case m.suffix != "" && (plain || m.position == "endswith"):
		return newPattern(v.Text+quote(m.suffix), m), nil
	case m.prefix != "" && len(m.encoders) > 0:
		return nil, v.Errorf("the field's values have a prefix in the event, which does not go with an encoding")
	case m.prefix != "" && (plain || m.position == "startswith"):
		return newPattern(quote(m.prefix)+v.Text, m), nil
	case v.Kind == doc.Number && plain:
		return newNumber(v.Text), nil
	case len(m.encoders) == 0:
		return newPattern(v.Text, m), nil
	}
	texts, err := encode(v, m.encoders)
	if err != nil {
		return nil, err
	}
	var any anyPattern
	for _, t := range texts {
		any = append(any, newPattern(quote(t), m))
	}
	return any, nil
}
