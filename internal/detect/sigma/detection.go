package sigma

import (
	"strings"

	"jobzero/internal/doc"
)

func (c *Compiled) readDetection(n *doc.Node) error {
	d := n.Get("detection")
	if d == nil || d.Kind != doc.Map {
		return n.Errorf("a rule needs a detection: a map of searches and a condition")
	}
	var condition *doc.Node
	for _, p := range d.Pairs {
		switch p.Key.Text {
		case "condition":
			condition = p.Value
		case "timeframe":
			return notYet(p.Key, "timeframe is")
		default:
			body, err := readBody(p.Key.Text, p.Value)
			if err != nil {
				return err
			}
			c.Searches = append(c.Searches, &Search{p.Key.Text, body})
		}
	}
	if condition == nil {
		return d.Errorf("the detection has no condition: add one such as condition: selection")
	}
	if len(c.Searches) == 0 {
		return d.Errorf("the detection has no search: add one such as selection")
	}
	var err error
	c.Condition, err = readCondition(condition, c.Searches)
	return err
}

// readBody reads a search: a map, a list of maps, a list of keywords, or one keyword.
func readBody(name string, n *doc.Node) (Body, error) {
	switch n.Kind {
	case doc.Map:
		return readMap(name, n)
	case doc.List:
		return readList(name, n)
	case doc.Null:
		return nil, n.Errorf("search %s is empty: give it a field and a value", name)
	default:
		return readTest("", []*doc.Node{n}, n)
	}
}

func readMap(name string, n *doc.Node) (Body, error) {
	if len(n.Pairs) == 0 {
		return nil, n.Errorf("search %s is empty: give it a field and a value", name)
	}
	var all AllOf
	for _, p := range n.Pairs {
		values := []*doc.Node{p.Value}
		if p.Value.Kind == doc.List {
			values = p.Value.Items
		}
		t, err := readTest(p.Key.Text, values, p.Key)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func readList(name string, n *doc.Node) (Body, error) {
	if len(n.Items) == 0 {
		return nil, n.Errorf("search %s is an empty list: give it maps or keywords", name)
	}
	var any AnyOf
	for _, item := range n.Items {
		if item.Kind == doc.List {
			return nil, item.Errorf("search %s holds a list in a list: want maps or keywords", name)
		}
		b, err := readBody(name, item)
		if err != nil {
			return nil, err
		}
		any = append(any, b)
	}
	return any, nil
}

// readTest reads one line: the key with its modifiers, and its values.
func readTest(key string, values []*doc.Node, at *doc.Node) (*Test, error) {
	field, rest, _ := strings.Cut(key, "|")
	t := &Test{Field: field, Label: key}
	if key == "" {
		t.Label = "keyword"
	}
	m, err := readModifiers(rest, at)
	if err != nil {
		return nil, err
	}
	if field == "" {
		if err := m.forKeywords(at); err != nil {
			return nil, err
		}
		if m.kind == kindText && m.position == "" {
			m.position = "contains"
		}
	}
	if len(values) == 0 {
		return nil, at.Errorf("%s has an empty list: give it a value", t.Label)
	}
	t.All, t.Neq = m.all, m.neq
	if m.kind == kindExists {
		t.Exists = true
		t.Present, err = readExists(values, at)
		return t, err
	}
	for _, v := range values {
		if v.Kind == doc.Map || v.Kind == doc.List {
			return nil, v.Errorf("%s holds %s: want plain values", t.Label, v.Kind)
		}
		x, err := m.matchers(v)
		if err != nil {
			return nil, err
		}
		t.Values = append(t.Values, x)
	}
	return t, nil
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
