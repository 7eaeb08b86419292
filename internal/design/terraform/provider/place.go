package provider

import (
	"strconv"
	"strings"

	"jobzero/internal/resource/schema"
)

// step is the path of a member.
func step(path, name string) string {
	if name == "" || strings.ContainsAny(name, ".[]\"* ") || name[0] >= '0' && name[0] <= '9' || name[0] == '-' || name[0] == '+' {
		return path + "[" + strconv.Quote(name) + "]"
	}
	return path + "." + name
}

// item is the path of an element.
func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// kindOf is what a member may be; nil when that is not known.
func kindOf(shape *schema.Shape, name string) *schema.Value {
	if shape == nil {
		return nil
	}
	if m, ok := shape.Member(name); ok {
		return m.Value
	}
	return nil
}

// objectOf is the shape of the objects that a value, or each of its elements, is.
func objectOf(v *schema.Value) *schema.Shape {
	switch {
	case v == nil:
		return nil
	case v.Kind == schema.Object:
		return v.Shape
	case v.Kind == schema.List:
		return objectOf(v.Of)
	case v.Kind == schema.OneOf:
		for _, one := range v.Among {
			if s := objectOf(one); s != nil {
				return s
			}
		}
	}
	return nil
}

// look is into without making anything: the object is nil where there is none.
func look(to spot, name string) spot {
	list := strings.HasSuffix(name, "[]")
	name = strings.TrimSuffix(name, "[]")
	inner := spot{shape: objectOf(kindOf(to.shape, name)), path: step(to.path, name)}
	there := to.in[name]
	if list {
		inner.path = item(inner.path, 0)
		if elements, ok := there.([]any); ok && len(elements) > 0 {
			there = elements[0]
		}
	}
	inner.in, _ = there.(map[string]any)
	return inner
}

// into goes into an object, which is made where it is not there yet. There is none inside what is unknown.
func into(to spot, name string) spot {
	list := strings.HasSuffix(name, "[]")
	name = strings.TrimSuffix(name, "[]")
	inner := spot{shape: objectOf(kindOf(to.shape, name)), path: step(to.path, name)}
	there := to.in[name]
	if hole, ok := there.(*Hole); ok && hole.Idle {
		there = nil // somebody does set a part of it
	}
	if !list {
		if there == nil {
			there = map[string]any{}
			to.in[name] = there
		}
		inner.in, _ = there.(map[string]any)
		return inner
	}
	if there == nil {
		there = []any{map[string]any{}}
		to.in[name] = there
	}
	inner.path = item(inner.path, 0)
	if elements, ok := there.([]any); ok && len(elements) > 0 {
		inner.in, _ = elements[0].(map[string]any)
	}
	return inner
}

// put sets a member. What is known is never replaced by a hole: of two attributes for one property the one that is not given
// is the unknown one.
func (m *mapping) put(to spot, name string, v any, full string) {
	if v == nil || to.in == nil {
		return
	}
	hole, unknown := v.(*Hole)
	if unknown && m.folds && !hole.Idle {
		to.in[name] = hole
	}
	switch old := to.in[name].(type) {
	case nil:
		to.in[name] = v
	case *Hole:
		if !unknown || old.Idle && !hole.Idle {
			to.in[name] = v
		}
	case map[string]any:
		if more, ok := v.(map[string]any); ok {
			merge(old, more)
		}
	default:
		if !unknown {
			to.in[name] = v
		}
	}
	m.link(full, step(to.path, name))
}

// merge puts the members of one object into another.
func merge(into, from map[string]any) {
	for k, v := range from {
		old, ok := into[k].(map[string]any)
		more, too := v.(map[string]any)
		if ok && too {
			merge(old, more)
			continue
		}
		into[k] = v
	}
}

// add puts elements behind those of a list. What is unknown as a whole becomes one more element that is unknown: what is known
// of the others still counts.
func (m *mapping) add(to spot, name string, v any, full string) {
	if v == nil || to.in == nil {
		return
	}
	more, ok := v.([]any)
	hole, isHole := v.(*Hole)
	if !ok {
		more = []any{v}
	}
	path := step(to.path, name)
	switch old := to.in[name].(type) {
	case nil:
		if isHole {
			to.in[name] = hole
			break
		}
		to.in[name] = more
		path = item(path, 0)
	case *Hole:
		if isHole {
			break
		}
		to.in[name] = append(more[:len(more):len(more)], old)
		path = item(path, 0)
	case []any:
		at := len(old)
		path = item(path, at)
		if at > 0 && !isHole {
			if last, ok := old[at-1].(*Hole); ok && last.Idle { // keep the doubt at the end
				old = append(old[:at-1:at-1], more...)
				to.in[name] = append(old, last)
				path = item(step(to.path, name), at-1)
				break
			}
		}
		to.in[name] = append(old[:at:at], more...)
	}
	m.link(full, path)
}

// link notes where a value comes from.
func (m *mapping) link(full, path string) {
	if m.r.Exact != nil {
		if m.now.Block != nil && full != "" {
			m.out.Written = append(m.out.Written, Written{Path: path, Block: m.now.Block, Key: m.now.Key})
			m.linked(m.r.Exact(m.now.Block, m.now.Key), path)
		}
		return
	}
	if m.r.Refs != nil {
		m.linked(m.r.Refs(full).To, path)
	}
}

func (m *mapping) linked(refs []Ref, path string) {
	for _, r := range refs {
		m.out.Links = append(m.out.Links, Link{From: m.home, Path: path, To: r.Address, Attribute: r.Attribute, Text: r.Text})
	}
}
