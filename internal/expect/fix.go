package expect

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// Change is a property that is to have a value.
type Change struct {
	Path  []string // of names, below the properties
	Value any      // a text, a number, a boolean, or a list or map of such
}

// changes reads what a file says as fix: properties with dots, and their values.
func (t text) changes(root *doc.Node) (out []Change, err error) {
	for _, name := range slices.Sorted(maps.Keys(t.Fix)) {
		path := strings.Split(name, ".")
		var steps []expr.Step
		for _, p := range path {
			steps = append(steps, expr.Step{Name: p})
		}
		for _, r := range t.Resource {
			if wrong := property(resource.Type(r), steps); wrong != "" {
				return nil, root.Get("fix").Errorf("%s", wrong)
			}
		}
		out = append(out, Change{path, expr.Value(t.Fix[name])})
	}
	return out, nil
}

// Fix gives the changes of properties with which a resource that fails meets the expectation: those that the expectation names,
// or else those that its expression asks for, where it leaves no choice. They are tried on the resource before they are given.
// None when there are no such changes, and a person has to think.
func (e *Expectation) Fix(r resource.Resource, f Facts) []Change {
	var changes []Change
	for _, c := range e.Changes {
		changes = narrow(changes, c, r.Properties)
	}
	if len(e.Changes) == 0 {
		var ok bool
		if changes, ok = wanted(e.form(), r.Properties, nil); !ok {
			return nil
		}
	}
	changed, ok := with(r, changes)
	if len(changes) == 0 || !ok || e.Check(changed, f).Result != Pass {
		return nil
	}
	return changes
}

// narrow adds what of a change is not there already: of a map that stands there in part, the names that are missing or differ.
func narrow(out []Change, c Change, properties map[string]any) []Change {
	now, there := at(properties, c.Path)
	wants, isMap := c.Value.(map[string]any)
	if _, has := now.(map[string]any); !isMap || !has {
		return add(out, c, there && reflect.DeepEqual(now, c.Value))
	}
	for _, name := range slices.Sorted(maps.Keys(wants)) {
		out = narrow(out, Change{append(slices.Clone(c.Path), name), wants[name]}, properties)
	}
	return out
}

// wanted adds the changes with which a form becomes true. False where there is a choice, or nothing that a value can do: what is one
// way of several is not for software to pick.
func wanted(f expr.Form, properties map[string]any, out []Change) ([]Change, bool) {
	switch f.Kind {
	case expr.Test:
		return test(f, properties, f.Compare, out)
	case expr.Not:
		if inner := f.Parts[0]; inner.Kind == expr.Test && inner.Compare == "==" {
			return test(inner, properties, "!=", out)
		}
	case expr.All:
		for _, p := range f.Parts {
			more, ok := wanted(p, properties, out)
			if !ok {
				return nil, false
			}
			out = more
		}
		return out, true
	case expr.Other, expr.Some, expr.Every, expr.Exists:
	}
	return nil, false
}

// test adds the change that makes a test true, or nothing where it is.
func test(f expr.Form, properties map[string]any, compare string, out []Change) ([]Change, bool) {
	if len(f.Path) < 2 || f.Path[0].Name != "properties" || len(f.Values) != 1 ||
		slices.ContainsFunc(f.Path, func(s expr.Step) bool { return s.Element }) {
		return nil, false
	}
	var path []string
	for _, s := range f.Path[1:] {
		path = append(path, s.Name)
	}
	v := f.Values[0]
	now, there := at(properties, path)
	if !there {
		now = f.Default
	}
	switch x := v.(type) {
	case bool:
		v = x != (compare == "!=")
		return add(out, Change{path, v}, now == v), compare == "==" || compare == "!="
	case string:
		return add(out, Change{path, v}, now == v), compare == "==" && x != ""
	case int64:
		n, number := now.(int64)
		return add(out, Change{path, v}, number && (n == x || compare == ">=" && n > x || compare == "<=" && n < x)),
			compare == "==" || compare == ">=" || compare == "<="
	}
	return nil, false
}

func add(out []Change, c Change, so bool) []Change {
	if so {
		return out
	}
	return append(out, c)
}

func at(v any, path []string) (any, bool) {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[name]; !ok {
			return nil, false
		}
	}
	return v, true
}

// with is the resource after the changes; false when one goes into something that is no map, or is not known.
func with(r resource.Resource, changes []Change) (resource.Resource, bool) {
	for _, c := range changes {
		path := "properties." + strings.Join(c.Path, ".")
		for _, u := range r.Unknown {
			if strings.HasPrefix(path, u.Path+".") {
				return r, false
			}
		}
		properties, ok := set(r.Properties, c.Path, c.Value)
		if !ok {
			return r, false
		}
		r.Properties = properties
		r.Unknown = slices.DeleteFunc(slices.Clone(r.Unknown), func(u resource.Unknown) bool {
			return u.Path == path || strings.HasPrefix(u.Path, path+".") || strings.HasPrefix(u.Path, path+"[")
		})
	}
	return r, !slices.ContainsFunc(changes, func(c Change) bool { return lacks(r, c.Path) })
}

// lacks reports whether an object on the way to a property lacks what its type requires: AWS would refuse it.
func lacks(r resource.Resource, path []string) bool {
	t, ok := schema.Of(r.Type)
	for i := 1; ok && i < len(path); i++ {
		steps := make([]schema.Step, i)
		for j := range steps {
			steps[j].Name = path[j]
		}
		v, wrong, _ := t.At(steps)
		if wrong < len(steps) || v.Shape == nil {
			return false
		}
		has, _ := at(r.Properties, path[:i])
		m, _ := has.(map[string]any)
		for _, p := range v.Shape.Properties {
			if _, there := m[p.Name]; p.Required && !there && !unknownAt(r, path[:i], p.Name) {
				return true
			}
		}
	}
	return false
}

func unknownAt(r resource.Resource, path []string, name string) bool {
	full := "properties." + strings.Join(path, ".") + "." + name
	return slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return u.Path == full || strings.HasPrefix(full, u.Path+".") })
}

// set gives a copy of a map with a value at a path.
func set(m map[string]any, path []string, v any) (map[string]any, bool) {
	out := make(map[string]any, len(m)+1)
	for k, e := range m {
		out[k] = e
	}
	if len(path) == 1 {
		out[path[0]] = v
		return out, true
	}
	inner, ok := out[path[0]].(map[string]any)
	if _, there := out[path[0]]; there && !ok {
		return nil, false
	}
	next, ok := set(inner, path[1:], v)
	out[path[0]] = next
	return out, ok
}
