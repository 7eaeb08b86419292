package gates

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// absent stands for a value that is taken away.
type absent struct{}

// maxEdits bounds the changes of one part of one case.
const maxEdits = 150

// root is what of a resource is changed.
func root(r resource.Resource) map[string]any {
	return map[string]any{"properties": clone(r.Properties), "related": clone(r.Related)}
}

// changed gives the resources that differ in one part of this one.
func changed(r resource.Resource, path []expr.Step, others []any) (out []resource.Resource) {
	for _, v := range edits(root(r), nil, kinds(r.Type, path), path, others) {
		m := asMap(v)
		next := r
		next.Properties, next.Related = asMap(m["properties"]), asMap(m["related"])
		out = append(out, next)
	}
	return out
}

// kinds gives what the schema says of the value at each step of a path; nil where it says nothing.
func kinds(t resource.Type, path []expr.Step) []*schema.Value {
	out := make([]*schema.Value, len(path))
	var at *schema.Value
	if typ, ok := schema.Of(t); ok && path[0].Name == "properties" {
		at = &schema.Value{Kind: schema.Object, Shape: &typ.Shape}
	}
	for i, s := range path {
		switch {
		case i == 0:
		case i == 1 && path[0].Name == "related":
			at = told(t, s.Name)
		case at == nil:
		case s.Element:
			at = at.Of
		default:
			at = inside(at, s.Name)
		}
		out[i] = at
	}
	return out
}

func inside(v *schema.Value, name string) *schema.Value {
	switch v.Kind {
	case schema.Object:
		if m, ok := v.Shape.Member(name); ok {
			return m.Value
		}
	case schema.Map:
		return v.Of
	case schema.Tag:
		return &schema.Value{Kind: schema.Text}
	case schema.OneOf:
		for _, one := range v.Among {
			if in := inside(one, name); in != nil {
				return in
			}
		}
	case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.JSON, schema.Time, schema.List:
	}
	return nil
}

// told is what the schema says of a relation.
func told(t resource.Type, name string) *schema.Value {
	r, _, ok := relation.Named(t, name)
	if !ok || len(r.Ways) == 0 {
		return nil
	}
	typ, ok := schema.Of(r.Ways[0].To())
	if !ok {
		return nil
	}
	v := &schema.Value{Kind: schema.Object, Shape: &typ.Shape}
	for _, part := range strings.Split(r.Ways[0].Take, ".") {
		if part != "" && v != nil {
			v = inside(v, part)
		}
	}
	if r.Many && v != nil {
		return &schema.Value{Kind: schema.List, Of: v}
	}
	return v
}

// edits gives a value with one change at a path, in each way there is.
func edits(v any, is *schema.Value, below []*schema.Value, path []expr.Step, others []any) (out []any) {
	if len(path) == 0 {
		return candidates(v, is, others)
	}
	if path[0].Element {
		list := asList(v)
		if m := asMap(v); len(m) > 0 { // the values of a map are its elements
			for _, key := range slices.Sorted(keys(m)) {
				if len(path) > 1 && asMap(m[key]) == nil && asList(m[key]) == nil {
					continue
				}
				out = append(out, edits(v, is, below, append([]expr.Step{{Name: key}}, path[1:]...), others)...)
			}
			return out[:min(len(out), maxEdits)]
		}
		for i := range max(1, len(list)) {
			var old any
			if i < len(list) {
				old = list[i]
			}
			for _, e := range edits(old, below[0], below[1:], path[1:], others) {
				next := slices.Clone(list[:min(i, len(list))])
				if !isAbsent(e) {
					next = append(next, e)
				}
				out = append(out, append(next, list[min(i+1, len(list)):]...))
			}
		}
		return out[:min(len(out), maxEdits)]
	}
	for _, e := range edits(asMap(v)[path[0].Name], below[0], below[1:], path[1:], others) {
		next := maps.Clone(asMap(v))
		if next == nil {
			next = map[string]any{}
		}
		next[path[0].Name] = e
		if isAbsent(e) {
			delete(next, path[0].Name)
		}
		out = append(out, next)
	}
	return out[:min(len(out), maxEdits)]
}

func isAbsent(v any) bool {
	_, ok := v.(absent)
	return ok
}

// candidates are other values that could stand in the place of one.
func candidates(v any, is *schema.Value, others []any) []any {
	out := []any{absent{}}
	kind := schema.JSON
	if is != nil {
		kind = is.Kind
		for _, a := range is.Allowed {
			if kind == schema.Text {
				out = append(out, a)
			}
		}
	}
	switch kind {
	case schema.Bool:
		out = append(out, true, false)
	case schema.Integer, schema.Number:
		for _, n := range []string{"0", "1", "22", "30", "100000"} {
			if is == nil || len(is.Allowed) == 0 || slices.Contains(is.Allowed, n) {
				out = append(out, json.Number(n))
			}
		}
	case schema.List:
		out = append(out, []any{})
	case schema.Object, schema.Map, schema.Tag:
		out = append(out, map[string]any{})
	case schema.Text, schema.Time:
		if len(is.Allowed) == 0 {
			out = append(out, "x", "*", "0.0.0.0/0", "http://example.com", "2020-01-01T00:00:00Z", "")
		}
	case schema.JSON, schema.OneOf:
		out = append(out, true, false, json.Number("0"), json.Number("1"), "x", []any{}, map[string]any{}, open())
	}
	return slices.DeleteFunc(append(slices.Clone(others), out...), func(c any) bool { return equal(c, v) || !fits(c, kind) })
}

// fits reports whether a value is of a kind, as far as that can be seen.
func fits(v any, kind schema.Kind) bool {
	if isAbsent(v) || v == nil {
		return true
	}
	switch kind {
	case schema.Bool:
		_, ok := v.(bool)
		return ok
	case schema.Integer, schema.Number:
		_, ok := v.(json.Number)
		return ok
	case schema.Text, schema.Time:
		_, ok := v.(string)
		return ok
	case schema.List:
		_, ok := v.([]any)
		return ok
	case schema.Object, schema.Map, schema.Tag:
		_, ok := v.(map[string]any)
		return ok
	case schema.JSON, schema.OneOf:
	}
	return true
}

// open is a policy that lets everybody do everything.
func open() map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}}
}

func equal(a, b any) bool {
	if isAbsent(a) {
		return b == nil
	}
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// values are those at a path.
func values(v any, path []expr.Step) (out []any) {
	if len(path) == 0 {
		if v == nil {
			return nil
		}
		return []any{v}
	}
	if path[0].Element {
		for _, e := range asList(v) {
			out = append(out, values(e, path[1:])...)
		}
		return out
	}
	return values(asMap(v)[path[0].Name], path[1:])
}

// decided reports whether a verdict says something.
func decided(r expect.Result) bool {
	return r == expect.Pass || r == expect.Fail || r == expect.NotApplicable
}
