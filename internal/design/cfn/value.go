package cfn

import (
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/resource"
)

type kind uint8

const (
	null kind = iota
	truth
	number
	text
	list
	dict
	gone // AWS::NoValue
	hole // only deployment will tell
)

// val is a value of a template once its functions have run. Lists and dicts hold nothing that is gone.
type val struct {
	kind  kind
	text  string // of a text or number as it is written, true or false; of a hole the cause
	items []*val // of a list; of a dict, the values
	keys  []string
	refs  []ref  // the resources that it comes from
	parts []*val // of a text or hole that was put together, when a part is a hole or comes from a resource
	label string // of a hole: how it is called within a text, such as AWS::Region or Data.Arn
	maybe bool   // of a hole: there may be no value at all
	sure  bool   // of a hole: it is a text, and not an empty one
	seen  resource.Seen
	given string // of a hole: the parameter that it is, by its name in the document
	node  *doc.Node
}

// ref is a reference to a resource, by its name in the document.
type ref struct{ to, attribute string }

// unknown is a hole. Label is how a text calls it.
func unknown(label, cause string, args ...any) *val {
	return &val{kind: hole, label: label, text: fmt.Sprintf(cause, args...)}
}

// through is what a function makes of a hole: another one, from where that comes from.
func (v *val) through(function string) *val {
	return &val{kind: hole, text: v.cause(), label: function, refs: refsIn(nil, v)}
}

// certain is the hole as one of which it is known that it is a text, and not an empty one.
func (v *val) certain() *val {
	v.sure = true
	return v
}

// filled reports whether it is a text for certain, and not an empty one.
func (v *val) filled() bool {
	switch v.kind {
	case text, number, truth:
		return v.text != ""
	case hole:
		return v.sure || len(v.parts) > 0 && slices.ContainsFunc(v.parts, (*val).filled)
	default:
		return false
	}
}

// get is the value of a key of a dict, or nil.
func (v *val) get(key string) *val {
	if v == nil || v.kind != dict {
		return nil
	}
	for i, k := range v.keys {
		if k == key {
			return v.items[i]
		}
	}
	return nil
}

// set gives a dict a key, in place of the one there was.
func (v *val) set(key string, to *val) {
	for i, k := range v.keys {
		if k == key {
			v.items[i] = to
			return
		}
	}
	v.keys, v.items = append(v.keys, key), append(v.items, to)
}

// setIn is set for many keys: index says where each is, and is made when it is nil.
func (v *val) setIn(index map[string]int, key string, to *val) map[string]int {
	if index == nil {
		index = make(map[string]int, len(v.keys))
		for i, k := range v.keys {
			index[k] = i
		}
	}
	switch i, ok := index[key]; {
	case to.kind == gone:
	case ok:
		v.items[i] = to
	default:
		index[key] = len(v.keys)
		v.keys, v.items = append(v.keys, key), append(v.items, to)
	}
	return index
}

// known is the text of a scalar; false for everything else.
func (v *val) known() (string, bool) {
	if v == nil {
		return "", false
	}
	switch v.kind {
	case text, number, truth:
		return v.text, true
	default:
		return "", false
	}
}

// at gives the value the place of a node, where it has none.
func (v *val) at(n *doc.Node) *val {
	if v.node == nil {
		v.node = n
	} else if v.node != n { // it is shared: a parameter, or an output
		c := *v
		c.node = n
		return &c
	}
	return v
}

// pattern is a text with its unknown parts as ${…}.
func pattern(parts []*val) string {
	var b strings.Builder
	for _, p := range parts {
		switch {
		case len(p.refs) > 0:
			b.WriteString("${" + p.refs[0].String() + "}")
		case p.kind == hole:
			b.WriteString("${" + p.label + "}")
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// String is the reference as Fn::Sub writes it.
func (r ref) String() string {
	if r.attribute == "" {
		return r.to
	}
	return r.to + "." + r.attribute
}

// same compares two values: whether they are equal, and whether that is known.
func same(a, b *val) (equal, sure bool) {
	if a.kind == hole || b.kind == hole {
		return false, false
	}
	s, scalar := a.known()
	if z, ok := b.known(); ok || scalar {
		return ok && scalar && s == z, true
	}
	if a.kind != b.kind || len(a.items) != len(b.items) {
		return false, true
	}
	const most = 100 // a condition is about texts
	sure = len(a.items) <= most
	for i, item := range a.items {
		other := b.items[i]
		if i > most {
			return false, false
		}
		if a.kind == dict {
			if other = b.get(a.keys[i]); other == nil {
				return false, true
			}
		}
		switch equal, known := same(item, other); {
		case !known:
			sure = false
		case !equal:
			return false, true
		}
	}
	return sure, sure
}
