package expect

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/doc"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
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

// maxWays bounds how many ways of meeting an expectation are tried.
const maxWays = 16

// Fix gives the fewest changes of properties with which a resource that fails meets the expectation: those that the expectation
// names, or else those that its expression asks for. Each is tried on the resource before it is given. None when there is no
// such change, and a person has to think.
func (e *Expectation) Fix(r resource.Resource, f Facts) []Change {
	var ways [][]Change
	if len(e.Changes) > 0 {
		ways = [][]Change{e.Changes}
	} else {
		ways = wanted(e.met.Form("resource"), r.Properties, false)
	}
	slices.SortStableFunc(ways, func(a, b []Change) int { return len(a) - len(b) })
	for _, way := range ways {
		if len(way) == 0 {
			continue
		}
		changed, ok := with(r, way)
		if ok && e.Check(changed, f).Result == Pass {
			return way
		}
	}
	return nil
}

// wanted are the ways in which a form becomes true. A part that says nothing of how it may become so is taken to be: whether the whole is
// true is tried in the end.
func wanted(f expr.Form, properties map[string]any, not bool) [][]Change {
	switch {
	case f.Kind == expr.Test:
		return test(f, properties, not)
	case f.Kind == expr.Not:
		return wanted(f.Parts[0], properties, !not)
	case f.Kind == expr.All && !not, f.Kind == expr.Some && not:
		out := [][]Change{nil}
		for _, p := range f.Parts {
			out = product(out, wanted(p, properties, not))
		}
		return out
	case f.Kind == expr.Some, f.Kind == expr.All:
		var out [][]Change
		for _, p := range f.Parts {
			out = append(out, wanted(p, properties, not)...)
		}
		return out[:min(len(out), maxWays)]
	}
	return [][]Change{nil}
}

// product is each of the ways together with each of the others.
func product(a, b [][]Change) (out [][]Change) {
	for _, x := range a {
		for _, y := range b {
			if len(out) < maxWays {
				out = append(out, slices.Concat(x, y))
			}
		}
	}
	return out
}

// test gives the change that makes a test true, or nothing to change where it is.
func test(f expr.Form, properties map[string]any, not bool) [][]Change {
	if len(f.Path) < 2 || f.Path[0].Name != "properties" || slices.ContainsFunc(f.Path, func(s expr.Step) bool { return s.Element }) {
		return [][]Change{nil}
	}
	var path []string
	for _, s := range f.Path[1:] {
		path = append(path, s.Name)
	}
	v, ok := value(f, not)
	if !ok {
		return [][]Change{nil}
	}
	if now, there := at(properties, path); there && now == v || !there && f.Defaulted && f.Default == v {
		return [][]Change{nil}
	}
	return [][]Change{{{path, v}}}
}

// value is one with which a test holds, or does not.
func value(f expr.Form, not bool) (any, bool) {
	if len(f.Values) == 0 {
		return nil, false
	}
	v := f.Values[0]
	switch x := v.(type) {
	case bool:
		return x != (not != (f.Compare == "!=")), f.Compare == "==" || f.Compare == "!="
	case string:
		return x, !not && (f.Compare == "==" || f.Compare == "in") || not && f.Compare == "!="
	case int64:
		compare := f.Compare
		if not {
			compare = map[string]string{"!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}[compare]
		}
		switch compare {
		case "==", "in", "<=", ">=":
			return x, true
		case "<":
			return x - 1, true
		case ">":
			return x + 1, true
		}
	}
	return nil, false
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
	return r, true
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
