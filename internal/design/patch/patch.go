// Package patch writes properties into the text of a template, and leaves everything else as it is.
//
// It is: the smallest change of a text that gives a resource a property, in the style in which the text is written.
// It takes: a CloudFormation template in YAML or JSON, the name of a resource, and the properties.
// It gives: the new text, proved by reading it again: nothing but the properties differs, comments and layout included.
// Next door: cfn reads templates; check says which properties a resource should have.
package patch

import (
	"bytes"
	"reflect"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// maxNodes is how many values a template may have.
const maxNodes = 1 << 20

// Set is one property of a resource and the value that it is to have: a text, a number, a boolean, or a list or map of such.
type Set struct {
	Path  []string // of names, such as VersioningConfiguration, Status
	Value any
}

// String is the property and its value for a person.
func (s Set) String() string { return strings.Join(s.Path, ".") + ": " + flow(s.Value, false) }

// Template gives a template in which a resource has the properties. It refuses, with the place and the reason, what a person has to
// change: a value that a function makes, or a map or list that would be replaced by another.
func Template(name string, data []byte, resource string, sets []Set) ([]byte, error) {
	before, err := read(name, data)
	if err != nil {
		return nil, err
	}
	want, ok := plain(before, 0).(map[string]any)
	if !ok {
		return nil, before.Errorf("this is no template")
	}
	out := data
	for _, s := range join(before.Get("Resources").Get(resource).Get("Properties"), sets) {
		root, err := read(name, out)
		if err != nil {
			return nil, err
		}
		e, err := find(root, out, resource, s)
		if err != nil {
			return nil, err
		}
		out = slices.Concat(out[:e.from], []byte(e.text), out[e.to:])
		put(want, append([]string{"Resources", resource, "Properties"}, s.Path...), generic(s.Value))
	}
	after, err := read(name, out)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the change of %s broke the text", resource)
	}
	if !reflect.DeepEqual(any(want), plain(after, 0)) {
		return nil, before.Errorf("%s cannot be changed without changing something else: do it by hand", resource)
	}
	return out, nil
}

func read(name string, data []byte) (*doc.Node, error) {
	nodes, err := doc.Reader{Max: 64 << 20, Nodes: maxNodes}.Parse(name, data)
	switch {
	case err != nil:
		return nil, err
	case len(nodes) != 1:
		return nil, fault.New(fault.Invalid, "%s:1:1: want one template in a file", name)
	}
	return nodes[0], nil
}

// edit replaces a piece of a text, by offsets in bytes.
type edit struct {
	from, to int
	text     string
}

// find finds the change that gives a resource one property.
func find(root *doc.Node, text []byte, resource string, s Set) (edit, error) {
	at := root.Get("Resources").Get(resource)
	if at == nil || at.Kind != doc.Map {
		return edit{}, root.Errorf("there is no resource %s in this text", resource)
	}
	w := &writer{text: text, root: root, lines: starts(text)}
	steps := append([]string{"Properties"}, s.Path...)
	var key *doc.Node
	for i, step := range steps {
		if at.Tag != "" || isFunction(at) {
			return edit{}, at.Errorf("%s of %s is made by a function: change it by hand", strings.Join(s.Path, "."), resource)
		}
		if at.Kind == doc.Null || at.Kind == doc.Map && len(at.Pairs) == 0 {
			return w.fill(key, at, nest(steps[i:], s.Value))
		}
		if at.Kind != doc.Map {
			return edit{}, at.Errorf("%s of %s is %s: change it by hand", strings.Join(steps[:i], "."), resource, at.Kind)
		}
		next := at.Get(step)
		if next == nil {
			return w.add(key, at, nest(steps[i:], s.Value))
		}
		key, at = keyOf(at, step), next
	}
	if at.Tag != "" || at.Kind == doc.Map || at.Kind == doc.List {
		return edit{}, at.Errorf("%s of %s is more than a plain value: change it by hand", strings.Join(s.Path, "."), resource)
	}
	return w.replace(key, at, s.Value)
}

// join makes one of the properties that lie in the same map, where the text does not have that yet.
func join(properties *doc.Node, sets []Set) (out []Set) {
	for _, s := range sets {
		i := slices.IndexFunc(out, func(o Set) bool { return o.Path[0] == s.Path[0] })
		if i < 0 || len(s.Path) < 2 || properties.Get(s.Path[0]) != nil {
			out = append(out, s)
			continue
		}
		m := map[string]any{}
		put(m, out[i].Path, out[i].Value)
		put(m, s.Path, s.Value)
		out[i] = Set{s.Path[:1], m[s.Path[0]]}
	}
	return out
}

func keyOf(n *doc.Node, name string) *doc.Node {
	for _, p := range n.Pairs {
		if p.Key.Text == name {
			return p.Key
		}
	}
	return nil
}

// isFunction reports whether a map is a function in its long form.
func isFunction(n *doc.Node) bool {
	if n.Kind != doc.Map || len(n.Pairs) != 1 {
		return false
	}
	name := n.Pairs[0].Key.Text
	return name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::")
}

func nest(steps []string, v any) pair {
	for i := len(steps) - 1; i > 0; i-- {
		v = []pair{{steps[i], v}}
	}
	return pair{steps[0], v}
}

// pair is a member of a map that is to be written; a map is a list of them, so that its order is kept.
type pair struct {
	key   string
	value any
}

// plain is a tree without places; what has a tag differs from what has none.
func plain(n *doc.Node, depth int) any {
	if n == nil || depth > doc.MaxDepth {
		return nil
	}
	var v any
	switch n.Kind {
	case doc.Map:
		m := make(map[string]any, len(n.Pairs))
		for _, p := range n.Pairs {
			m[p.Key.Text] = plain(p.Value, depth+1)
		}
		v = m
	case doc.List:
		l := make([]any, len(n.Items))
		for i, item := range n.Items {
			l[i] = plain(item, depth+1)
		}
		v = l
	case doc.Null:
		v = nil
	default:
		v = n.Text
	}
	if n.Tag != "" {
		return tagged{n.Tag, v}
	}
	return v
}

type tagged struct {
	tag   string
	value any
}

// put sets a value in a tree as plain gives it.
func put(m map[string]any, path []string, v any) {
	if len(path) == 1 {
		m[path[0]] = v
		return
	}
	next, ok := m[path[0]].(map[string]any)
	if !ok {
		next = map[string]any{}
		m[path[0]] = next
	}
	put(next, path[1:], v)
}

// generic is a value as plain gives it.
func generic(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = generic(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = generic(e)
		}
		return out
	case string:
		return v
	}
	return scalar(v, true)
}

// starts are the offsets at which lines begin.
func starts(text []byte) []int {
	out := []int{0}
	for i := 0; ; {
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 {
			return out
		}
		i += n + 1
		out = append(out, i)
	}
}
