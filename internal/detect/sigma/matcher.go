package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"jobzero/internal/doc"
)

// Matcher compares one value of a rule with the values of a field.
type Matcher interface {
	// match reports whether any of the leaves matches; the view resolves other fields and texts of objects.
	match(v *view, leaves []leaf) bool
	// String is the value with its way of comparing, for people.
	String() string
}

func (p *pattern) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		if leaves[i].whole && p.mode != "contains" {
			continue
		}
		text, ok := leaves[i].text(v)
		if ok && !p.cased {
			text, ok = leaves[i].lower(v)
		}
		if ok && p.matchFolded(p.dashes(text)) {
			return true
		}
	}
	return false
}

func (p *pattern) String() string { return strings.TrimSpace(p.mode + " " + strconv.Quote(p.source)) }

// anyPattern is the forms of one encoded value.
type anyPattern []*pattern

func (a anyPattern) match(v *view, leaves []leaf) bool {
	for _, p := range a {
		if p.match(v, leaves) {
			return true
		}
	}
	return false
}

func (a anyPattern) String() string {
	texts := make([]string, len(a))
	for i, p := range a {
		texts[i] = p.String()
	}
	return strings.Join(texts, " or ")
}

// number equals a number by value, and its own spelling as a text.
type number struct {
	spelling string
	value    float64
	isNumber bool
}

func newNumber(spelling string) number {
	if i, err := strconv.ParseInt(spelling, 0, 64); err == nil {
		return number{spelling, float64(i), true}
	}
	f, err := strconv.ParseFloat(spelling, 64)
	return number{spelling, f, err == nil}
}

func (n number) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		l := &leaves[i]
		if l.whole {
			continue
		}
		text, ok := l.text(v)
		if ok && strings.EqualFold(string(text), n.spelling) {
			return true
		}
		if c := l.value[0]; n.isNumber && (c == '-' || '0' <= c && c <= '9') {
			if f, err := strconv.ParseFloat(string(text), 64); err == nil && f == n.value {
				return true
			}
		}
	}
	return false
}

func (n number) String() string { return n.spelling }

// null matches when there is no value at all.
type null struct{}

func (null) match(_ *view, leaves []leaf) bool {
	for i := range leaves {
		if !leaves[i].isNull() && !leaves[i].whole {
			return false
		}
	}
	return true
}

func (null) String() string { return "null" }

type regex struct {
	re     *regexp.Regexp
	source string
	needs  literals // texts of which one must be there
}

func newRegex(flags string, v *doc.Node) (Matcher, error) {
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	re, err := regexp.Compile(flags + v.Text)
	if err == nil {
		return regex{re, v.Text, required(flags + v.Text)}, nil
	}
	e, ok := errors.AsType[*syntax.Error](err)
	if ok && (e.Code == syntax.ErrInvalidPerlOp || e.Code == syntax.ErrInvalidEscape) {
		return nil, unsupported{v.Errorf("%q in this regular expression is more than Go's RE2 can do (no look-around, no back-references)", e.Expr)}
	}
	return nil, v.Errorf("this is no regular expression: %v", err)
}

func (r regex) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		if leaves[i].whole {
			continue
		}
		if text, ok := leaves[i].text(v); ok && r.may(v, &leaves[i], text) && r.re.Match(text) {
			return true
		}
	}
	return false
}

func (r regex) String() string { return "/" + r.source + "/" }

type network struct{ prefix netip.Prefix }

func (n network) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		if !leaves[i].isString() {
			continue
		}
		text, _ := leaves[i].text(v)
		if a, err := netip.ParseAddr(string(text)); err == nil && n.prefix.Contains(a.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

func (n network) String() string { return "in " + n.prefix.String() }

// fieldRef compares with the values of another field.
type fieldRef struct {
	field    string
	position string
	cased    bool
}

func (f fieldRef) match(v *view, leaves []leaf) bool {
	others := v.lookup(v.fields.of(f.field))
	for i := range others {
		if others[i].whole {
			continue
		}
		text, ok := others[i].text(v)
		if !ok {
			continue
		}
		if !f.cased {
			text, _ = others[i].lower(v)
		}
		if f.like(v, text, leaves) {
			return true
		}
	}
	return false
}

// like reports whether one of the leaves has the text, in lower case unless case counts, in the right place.
func (f fieldRef) like(v *view, text []byte, leaves []leaf) bool {
	for i := range leaves {
		if leaves[i].whole && f.position != "contains" {
			continue
		}
		mine, ok := leaves[i].text(v)
		if ok && !f.cased {
			mine, _ = leaves[i].lower(v)
		}
		if ok && within(f.position, mine, text) {
			return true
		}
	}
	return false
}

// within reports whether a part stands in a text at a position.
func within(position string, text, part []byte) bool {
	switch position {
	case "contains":
		return bytes.Contains(text, part)
	case "startswith":
		return bytes.HasPrefix(text, part)
	case "endswith":
		return bytes.HasSuffix(text, part)
	default:
		return bytes.Equal(text, part)
	}
}

func (f fieldRef) String() string { return strings.TrimSpace(f.position + " field " + f.field) }

// compare orders numbers.
type compare struct {
	kind  kind
	bound float64
}

func newCompare(k kind, v *doc.Node) (Matcher, error) {
	n := newNumber(v.Text)
	if !n.isNumber {
		return nil, v.Errorf("%s needs a number, not %q", k, v.Text)
	}
	return compare{k, n.value}, nil
}

func (c compare) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		if leaves[i].whole {
			continue
		}
		text, _ := leaves[i].text(v)
		if f, err := strconv.ParseFloat(string(text), 64); err == nil && c.holds(f) {
			return true
		}
	}
	return false
}

func (c compare) holds(f float64) bool {
	switch c.kind {
	case kindLess:
		return f < c.bound
	case kindLessEq:
		return f <= c.bound
	case kindMore:
		return f > c.bound
	case kindMoreEq:
		return f >= c.bound
	default:
		return f == c.bound
	}
}

func (c compare) String() string {
	return map[kind]string{kindLess: "<", kindLessEq: "<=", kindMore: ">", kindMoreEq: ">="}[c.kind] + " " + strconv.FormatFloat(c.bound, 'f', -1, 64)
}

// part compares a part of a time, in the time zone in which the record gives it.
type part struct {
	name string
	compare
}

func newPart(name string, k kind, v *doc.Node) (Matcher, error) {
	c, err := newCompare(k, v)
	if err != nil {
		return nil, v.Errorf("%s needs a number, not %q", name, v.Text)
	}
	return part{name, c.(compare)}, nil
}

func (p part) match(v *view, leaves []leaf) bool {
	for i := range leaves {
		if !leaves[i].isString() {
			continue
		}
		text, _ := leaves[i].text(v)
		if t, err := time.Parse(time.RFC3339, string(text)); err == nil && p.holds(p.of(t)) {
			return true
		}
	}
	return false
}

func (p part) of(t time.Time) float64 {
	switch p.name {
	case "minute":
		return float64(t.Minute())
	case "hour":
		return float64(t.Hour())
	case "day":
		return float64(t.Day())
	case "week":
		_, w := t.ISOWeek()
		return float64(w)
	case "month":
		return float64(t.Month())
	}
	return float64(t.Year())
}

func (p part) String() string {
	return fmt.Sprintf("%s %s", p.name, strings.TrimSpace(p.compare.String()))
}
