package sigma

import (
	"strings"

	"jobzero/internal/doc"
)

// walk makes the elements that a field's quantifiers ask for, and the line about the last of them.
func (r bodies) walk(field string, t Test, m modifiers, value, at *doc.Node) (Body, error) {
	legs, err := readLegs(field)
	if err != nil {
		return nil, at.Errorf("%v", err)
	}
	if len(legs) > 1 {
		r.inside, r.fields = true, nil
	}
	if name, _, _ := strings.Cut(t.Label, "|"); name != field {
		t.Label += " (" + field + ")" // for people: where the event has it
	}
	last := legs[len(legs)-1]
	t.Field, t.Path = last.path.String(), last.path
	var body Body
	switch itself := len(last.path) == 0; {
	case itself && m.kind == kindExists:
		return nil, at.Errorf("%s: an element always exists; leave out the last bracket to ask for the array", t.Label)
	case itself && len(legs) > 1 && hasMaps(value):
		if strings.Contains(t.Label, "|") || m.prefix != "" {
			return nil, at.Errorf("%s: modifiers belong to the lines of the map, not to its field", t.Label)
		}
		body, err = r.elementBody(field, value)
	default:
		body, err = r.test(t, m, value, at)
	}
	for i := len(legs) - 2; i >= 0 && err == nil; i-- {
		body = &Element{Field: legs[i].path.String(), Path: legs[i].path, Label: t.Label, Quantifier: legs[i].quantifier, Body: body}
	}
	return body, err
}

// hasMaps reports whether a value is a map or a list with maps in it.
func hasMaps(n *doc.Node) bool {
	for _, item := range n.Items {
		if item.Kind == doc.Map {
			return true
		}
	}
	return n.Kind == doc.Map
}

// elementBody reads what an element must be like: a map of lines, a list of such maps, or a detection with a condition.
func (r bodies) elementBody(field string, n *doc.Node) (Body, error) {
	if n.Get("condition") == nil {
		return r.body(field, n)
	}
	d, err := r.detection(n)
	return &Nested{d}, err
}
