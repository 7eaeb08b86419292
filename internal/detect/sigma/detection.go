package sigma

import (
	"strings"

	"jobzero/internal/doc"
)

// bodies reads searches. Inside the element of an array fields have no other names, and there are no keywords.
type bodies struct {
	placeholders map[string][]string
	fields       fieldMap
	inside       bool
}

// detection reads a map of searches and a condition. Keys that say something else are left to the caller.
func (r bodies) detection(d *doc.Node, except ...string) (Detection, error) {
	var out Detection
	condition, err := r.searches(d, &out, except...)
	if err != nil {
		return out, err
	}
	out.Condition, err = readCondition(condition, out.Searches)
	return out, err
}

// searches reads all but the condition, whose text it gives.
func (r bodies) searches(d *doc.Node, into *Detection, except ...string) (*doc.Node, error) {
	var condition *doc.Node
pairs:
	for _, p := range d.Pairs {
		if p.Key.Text == "condition" {
			condition = p.Value
			continue
		}
		for _, key := range except {
			if p.Key.Text == key {
				continue pairs
			}
		}
		body, err := r.body(p.Key.Text, p.Value)
		if err != nil {
			return nil, err
		}
		into.Searches = append(into.Searches, &Search{p.Key.Text, body})
	}
	if condition == nil {
		return nil, d.Errorf("the detection has no condition: add one such as condition: selection")
	}
	if len(into.Searches) == 0 {
		return nil, d.Errorf("the detection has no search: add one such as selection")
	}
	return condition, nil
}

// body reads a search: a map, a list of maps, a list of keywords, or one keyword.
func (r bodies) body(name string, n *doc.Node) (Body, error) {
	switch n.Kind {
	case doc.Map:
		return r.lines(name, n)
	case doc.List:
		return r.list(name, n)
	case doc.Null:
		return nil, n.Errorf("search %s is empty: give it a field and a value", name)
	default:
		return r.line("", n, n)
	}
}

func (r bodies) lines(name string, n *doc.Node) (Body, error) {
	if len(n.Pairs) == 0 {
		return nil, n.Errorf("search %s is empty: give it a field and a value", name)
	}
	var all AllOf
	for _, p := range n.Pairs {
		b, err := r.line(p.Key.Text, p.Value, p.Key)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (r bodies) list(name string, n *doc.Node) (Body, error) {
	if len(n.Items) == 0 {
		return nil, n.Errorf("search %s is an empty list: give it maps or keywords", name)
	}
	var any AnyOf
	for _, item := range n.Items {
		if item.Kind == doc.List {
			return nil, item.Errorf("search %s holds a list in a list: want maps or keywords", name)
		}
		b, err := r.body(name, item)
		if err != nil {
			return nil, err
		}
		any = append(any, b)
	}
	return any, nil
}

// line reads one line: the key with its modifiers, and what stands behind it.
func (r bodies) line(key string, value, at *doc.Node) (Body, error) {
	field, rest, _ := strings.Cut(key, "|")
	m, err := readModifiers(rest, at)
	if err != nil {
		return nil, err
	}
	t := Test{Label: key, All: m.all, Neq: m.neq}
	if field == "" {
		return r.keywords(t, m, value, at)
	}
	if field == element && !r.inside {
		return nil, at.Errorf("a lone dot is the element of an array: it only has a meaning below a field such as items[any]")
	}
	places := r.fields.places(field)
	if len(places) > 1 {
		return r.either(places, t, m, value, at)
	}
	m.prefix, m.suffix = places[0].Prefix, places[0].Suffix
	return r.walk(places[0].Field, t, m, value, at)
}

func (r bodies) keywords(t Test, m modifiers, value, at *doc.Node) (Body, error) {
	if r.inside {
		return nil, at.Errorf("keywords are looked for in the whole record: name a field of the element, or a lone dot for the element itself")
	}
	if err := m.forKeywords(at); err != nil {
		return nil, err
	}
	if m.kind == kindText && m.position == "" {
		m.position = "contains"
	}
	if t.Label == "" {
		t.Label = "keyword"
	}
	return r.test(t, m, value, at)
}

// test fills a line with its values.
func (r bodies) test(t Test, m modifiers, value, at *doc.Node) (Body, error) {
	values := []*doc.Node{value}
	if value.Kind == doc.List {
		values = value.Items
	}
	if len(values) == 0 {
		return nil, at.Errorf("%s has an empty list: give it a value", t.Label)
	}
	if m.kind == kindExists {
		var err error
		t.Exists = true
		t.Present, err = readExists(values, at)
		return &t, err
	}
	var groups [][]Matcher // for each value its alternatives
	several := false
	for _, v := range values {
		if v.Kind == doc.Map || v.Kind == doc.List {
			return nil, v.Errorf("%s holds %s: want plain values, or %s[any] for what one element of an array must have", t.Label, v.Kind, t.Field)
		}
		group, err := r.alternatives(m, v)
		if err != nil {
			return nil, err
		}
		groups = append(groups, group)
		several = several || len(group) > 1
	}
	if t.All && several {
		return allOfGroups(t, groups), nil
	}
	for _, g := range groups {
		t.Values = append(t.Values, g...)
	}
	return &t, nil
}

// alternatives are the matchers of one value, of which one must match: more than one where a placeholder has several
// values or a field that is referred to has several places.
func (r bodies) alternatives(m modifiers, v *doc.Node) ([]Matcher, error) {
	texts := []*doc.Node{v}
	var err error
	switch {
	case m.expand:
		texts, err = expand(v, m.kind, r.placeholders)
	case m.kind == kindFieldRef:
		texts, err = r.fields.references(v)
	}
	var out []Matcher
	for _, text := range texts {
		x, err := m.matcher(text)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, err
}

// allOfGroups is a line with |all whose values have alternatives: a line for each value.
func allOfGroups(t Test, groups [][]Matcher) Body {
	var lines []Body
	for _, g := range groups {
		one := t
		one.All, one.Values = false, g
		lines = append(lines, &one)
	}
	return join(lines, !t.Neq)
}

// join is all of the bodies, or any of them.
func join(all []Body, and bool) Body {
	switch {
	case len(all) == 1:
		return all[0]
	case and:
		return AllOf(all)
	}
	return AnyOf(all)
}

func readExists(values []*doc.Node, at *doc.Node) (bool, error) {
	if len(values) == 1 {
		switch {
		case strings.EqualFold(values[0].Text, "true"):
			return true, nil
		case strings.EqualFold(values[0].Text, "false"):
			return false, nil
		}
	}
	return false, at.Errorf("exists takes one value: true or false")
}
