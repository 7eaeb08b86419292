package scim

import (
	"strings"
	"time"
)

// matches reports whether a resource, or one value of an attribute with parts, is what a filter asks for. An attribute with several
// values matches when one of them does; ne is the opposite of eq.
func (n *node) matches(res map[string]any) bool {
	switch n.op {
	case "and":
		for _, k := range n.kids {
			if !k.matches(res) {
				return false
			}
		}
		return true
	case "or":
		for _, k := range n.kids {
			if k.matches(res) {
				return true
			}
		}
		return false
	case "not":
		return !n.kids[0].matches(res)
	case "[]":
		return len(n.path.elements(res)) > 0
	case "pr":
		return n.present(res)
	case "ne":
		return !n.any(res, "eq")
	}
	return n.any(res, n.op)
}

// present: an attribute with neither value nor parts is not there (RFC 7643, 2.5).
func (n *node) present(res map[string]any) bool {
	if n.path.sub != nil || n.path.attr.kind != complexes {
		for _, v := range n.path.values(res) {
			if v != "" {
				return true
			}
		}
		return false
	}
	return len(n.path.elements(res)) > 0
}

func (n *node) any(res map[string]any, op string) bool {
	values := n.path.values(res)
	if n.value == nil {
		return len(values) == 0
	}
	leaf := n.path.leaf()
	for _, v := range values {
		if compare(leaf, op, v, n.value) {
			return true
		}
	}
	return false
}

// compare holds one value against the filter's, which is in the attribute's form already.
func compare(a *attribute, op string, v, with any) bool {
	if b, ok := v.(bool); ok {
		return op == "eq" && with == b
	}
	is, ok := v.(string)
	want, also := with.(string)
	if !ok || !also {
		return false
	}
	if a.kind == dateTime {
		x, err := time.Parse(time.RFC3339, is)
		y, err2 := time.Parse(time.RFC3339, want)
		if err == nil && err2 == nil {
			return ordered(op, x.Compare(y))
		}
	}
	if !a.exact {
		is, want = strings.ToLower(is), strings.ToLower(want)
	}
	switch op {
	case "co":
		return strings.Contains(is, want)
	case "sw":
		return strings.HasPrefix(is, want)
	case "ew":
		return strings.HasSuffix(is, want)
	}
	return ordered(op, strings.Compare(is, want))
}

func ordered(op string, order int) bool {
	switch op {
	case "eq":
		return order == 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	case "le":
		return order <= 0
	}
	return false
}

// uses reports whether the filter looks at an attribute of the core.
func (n *node) uses(name string) bool {
	if n == nil {
		return false
	}
	if n.path.attr != nil && n.path.urn == "" && n.path.attr.name == name {
		return true
	}
	for _, k := range n.kids {
		if k.uses(name) {
			return true
		}
	}
	return false
}

// pinned gives the text that an attribute must be equal to for the filter to hold, so that an index can find it.
func (n *node) pinned(name string) (string, bool) {
	switch {
	case n == nil:
	case n.op == "eq" && n.path.is(name) && n.path.sub == nil:
		s, ok := n.value.(string)
		return s, ok
	case n.op == "and":
		for _, k := range n.kids {
			if s, ok := k.pinned(name); ok {
				return s, true
			}
		}
	}
	return "", false
}
