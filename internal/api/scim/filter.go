package scim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// node is a filter (RFC 7644, 3.4.2.2): and, or and not of its kids, or what is asked of a place.
type node struct {
	op    string // and or not; eq ne co sw ew pr gt ge lt le; [] asks whether the place's own filter picks anything
	kids  []*node
	path  path
	value any // string, bool, float64 or nil
}

// The limits of a filter: the longest, the deepest and the largest are far beyond what a directory writes.
const (
	maxFilter = 8 << 10
	maxDepth  = 32
	maxNodes  = 500
)

// parser reads filters and paths, from left to right with one look ahead.
type parser struct {
	text         string
	at           int
	shape        *shape
	kind         string // of errors: invalidFilter or invalidPath
	depth, nodes int
}

// filterOf reads a filter.
func (s *shape) filterOf(text string) (*node, error) {
	p := &parser{text: text, shape: s, kind: invalidFilter}
	if len(text) > maxFilter {
		return nil, p.fail("it is longer than %d bytes", maxFilter)
	}
	n, err := p.or(nil)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.text) {
		return nil, p.fail("%q follows the filter", p.rest())
	}
	return n, nil
}

func (p *parser) fail(format string, args ...any) error {
	what := "filter"
	if p.kind != invalidFilter {
		what = "path"
	}
	return bad(p.kind, "%s, character %d: %s", what, p.at+1, fmt.Sprintf(format, args...))
}

func (p *parser) rest() string { return p.text[p.at:min(len(p.text), p.at+40)] }

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// take takes a character that is next.
func (p *parser) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// word takes what stands before a space or a bracket.
func (p *parser) word() string {
	p.space()
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" ()[]\"", rune(p.text[p.at])) {
		p.at++
	}
	return p.text[start:p.at]
}

// joined takes a word that joins expressions, if it is next.
func (p *parser) joined(word string) bool {
	before := p.at
	if strings.EqualFold(p.word(), word) {
		return true
	}
	p.at = before
	return false
}

// or reads expressions between which stands or. within are the attributes that a filter in brackets is about; nil: the whole resource.
func (p *parser) or(within []attribute) (*node, error) { return p.chain("or", within, p.and) }

func (p *parser) and(within []attribute) (*node, error) { return p.chain("and", within, p.one) }

func (p *parser) chain(op string, within []attribute, next func([]attribute) (*node, error)) (*node, error) {
	first, err := next(within)
	if err != nil {
		return nil, err
	}
	n := &node{op: op, kids: []*node{first}}
	for p.joined(op) {
		more, err := next(within)
		if err != nil {
			return nil, err
		}
		n.kids = append(n.kids, more)
	}
	if len(n.kids) == 1 {
		return first, nil
	}
	return n, nil
}

// one reads an expression in parentheses, its opposite, or a question.
func (p *parser) one(within []attribute) (*node, error) {
	if p.nodes++; p.nodes > maxNodes {
		return nil, p.fail("it asks more than %d things", maxNodes)
	}
	p.space()
	before := p.at
	not := strings.EqualFold(p.word(), "not")
	if not {
		p.space()
	} else {
		p.at = before
	}
	if !p.take('(') {
		if not {
			return nil, p.fail("want ( after not")
		}
		return p.question(within)
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("it is deeper than %d", maxDepth)
	}
	n, err := p.or(within)
	if err != nil {
		return nil, err
	}
	p.depth--
	if p.space(); !p.take(')') {
		return nil, p.fail("want )")
	}
	if not {
		n = &node{op: "not", kids: []*node{n}}
	}
	return n, nil
}

// path reads a place, with a filter in brackets and a part.
func (p *parser) path(within []attribute) (path, error) {
	start := p.at
	word := p.word()
	if word == "" {
		return path{}, p.fail("want the name of an attribute")
	}
	list, rest := within, word
	var out path
	if within == nil {
		list = p.shape.core.attributes
		if strings.HasPrefix(strings.ToLower(word), "urn:") {
			var ok bool
			if out.urn, list, rest, ok = p.shape.extension(word); !ok {
				p.at = start
				return path{}, p.fail("there is no schema of %.100q", word)
			}
			if rest == "" {
				out.whole = list
				return out, nil
			}
		}
	}
	name, sub := part(rest)
	if out.attr = named(list, name); out.attr == nil {
		p.at = start
		return path{}, p.fail("there is no attribute %.100q", name)
	}
	if p.at < len(p.text) && p.text[p.at] == '[' {
		if within != nil || sub != "" || !out.attr.multi || out.attr.kind != complexes {
			return path{}, p.fail("%s has no values that could be picked", word)
		}
		p.at++
		var err error
		if out.where, err = p.or(out.attr.sub); err != nil {
			return path{}, err
		}
		if p.space(); !p.take(']') {
			return path{}, p.fail("want ]")
		}
		if p.take('.') {
			if sub = p.word(); sub == "" {
				return path{}, p.fail("want the part of %s", name)
			}
		}
	}
	if sub != "" {
		if out.sub = named(out.attr.sub, sub); out.sub == nil {
			return path{}, p.fail("%s has no part %.100q", name, sub)
		}
	}
	return out, nil
}

var comparisons = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"} //nolint:gochecknoglobals // the operators of the RFC, never changed

func (p *parser) question(within []attribute) (*node, error) {
	where, err := p.path(within)
	if err != nil {
		return nil, err
	}
	before := p.at
	op := strings.ToLower(p.word())
	switch {
	case where.where != nil && where.sub == nil && (op == "" || op == "and" || op == "or"):
		p.at = before
		return &node{op: "[]", path: where}, nil
	case where.attr == nil:
		return nil, p.fail("a schema cannot be compared")
	case op == "pr":
		return &node{op: op, path: where}, nil
	case !slices.Contains(comparisons, op):
		p.at = before
		return nil, p.fail("want pr or one of %s after %s", strings.Join(comparisons, ", "), where)
	case where.leaf() == nil:
		return nil, p.fail("%s has parts: name one of them", where)
	}
	n := &node{op: op, path: where}
	if n.value, err = p.value(); err != nil {
		return nil, err
	}
	return n, p.fits(n)
}

// value reads what is compared with: a text, a number, true, false or null.
func (p *parser) value() (any, error) {
	p.space()
	start := p.at
	if !p.take('"') {
		switch word := p.word(); strings.ToLower(word) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		case "null":
			return nil, nil
		default:
			f, err := strconv.ParseFloat(word, 64)
			if err != nil {
				p.at = start
				return nil, p.fail("want a text in quotes, a number, true, false or null")
			}
			return f, nil
		}
	}
	for p.at < len(p.text) && p.text[p.at] != '"' {
		if p.text[p.at] == '\\' {
			p.at++
		}
		p.at++
	}
	if p.at >= len(p.text) {
		p.at = start
		return nil, p.fail("the text has no end")
	}
	p.at++
	var out string
	if err := json.Unmarshal([]byte(p.text[start:p.at]), &out); err != nil {
		p.at = start
		return nil, p.fail("the text is not written as JSON has them")
	}
	return out, nil
}

// fits brings what is compared with into the form of the attribute, or says that the two cannot be compared.
func (p *parser) fits(n *node) error {
	leaf := n.path.leaf()
	if n.value == nil {
		if n.op != "eq" && n.op != "ne" {
			return p.fail("null is only equal or not")
		}
		return nil
	}
	switch leaf.kind {
	case boolean:
		b, ok := truth(n.value)
		if !ok || n.op != "eq" && n.op != "ne" {
			return p.fail("%s is true or false: compare it by eq or ne", n.path)
		}
		n.value = b
	case dateTime:
		s, _ := n.value.(string)
		if _, err := time.Parse(time.RFC3339, s); err != nil && !slices.Contains([]string{"co", "sw", "ew"}, n.op) {
			return p.fail("%s is a time: want one such as \"2030-04-05T12:00:00Z\"", n.path)
		}
	case text, reference, complexes:
		switch v := n.value.(type) {
		case float64:
			n.value = strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			n.value = strconv.FormatBool(v)
		}
	}
	return nil
}

// truth reads true and false, also as the texts "True" and "False" that Entra ID writes.
func truth(v any) (value, ok bool) {
	switch x := v.(type) {
	case bool:
		return x, true
	case string:
		switch strings.ToLower(x) {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	}
	return false, false
}
