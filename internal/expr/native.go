package expr

import (
	"maps"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"jobzero/internal/fault"
)

// holes is the error that there are gaps in a value.
type holes struct{ gaps *types.Unknown }

func (holes) Error() string { return "a part of the argument is not known" }

// reading is one call's arguments while they are read. Values may share parts, so what looks small can be huge: left counts
// down over all of them.
type reading struct {
	left int
	gaps bool // gaps are values, not the end
}

// native gives a CEL value as the Go value that Kind promises.
func (r *reading) native(v ref.Val, depth int) (any, error) {
	if r.left--; r.left < 0 || depth < 0 {
		return nil, fault.New(fault.Invalid, "the argument is too large")
	}
	switch v := v.(type) {
	case *types.Unknown:
		if r.gaps {
			return Gap{v}, nil
		}
		return nil, holes{v}
	case *holed:
		if r.gaps {
			return r.holed(v, depth)
		}
		return nil, holes{v.blame()}
	case *Thing:
		return v, nil
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		return uint64(v), nil
	case types.Double:
		return float64(v), nil
	case types.String:
		r.left -= len(v)
		return string(v), nil
	case types.Bytes:
		r.left -= len(v)
		return []byte(v), nil
	case types.Timestamp:
		return v.Time.UTC(), nil
	case types.Duration:
		return v.Duration, nil
	case types.Null:
		return nil, nil
	case *types.Optional:
		if !v.HasValue() {
			return nil, nil // an absent value is null to a function
		}
		return r.native(v.GetValue(), depth-1)
	case traits.Lister:
		if all, ok := v.Value().([]any); ok {
			return r.plainList(all, depth)
		}
		return r.list(v, depth)
	case traits.Mapper:
		if all, ok := v.Value().(map[string]any); ok {
			return r.plainFields(all, depth)
		}
		return r.fields(v, depth)
	default:
		return nil, fault.New(fault.Invalid, "a value of type %s cannot be an argument", v.Type().TypeName())
	}
}

// plain is native for what an input holds, without making CEL values of it first.
func (r *reading) plain(v any, depth int) (any, error) {
	switch v := v.(type) {
	case string, bool, int64, float64, nil, map[string]any, []any:
		if r.left--; r.left < 0 || depth < 0 {
			return nil, fault.New(fault.Invalid, "the argument is too large")
		}
		switch v := v.(type) {
		case string:
			r.left -= len(v)
		case map[string]any:
			return r.plainFields(v, depth)
		case []any:
			return r.plainList(v, depth)
		}
		return v, nil
	}
	return r.native(types.DefaultTypeAdapter.NativeToValue(v), depth)
}

func (r *reading) plainList(list []any, depth int) (any, error) {
	out := make([]any, len(list))
	for i, e := range list {
		n, err := r.plain(e, depth-1)
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func (r *reading) plainFields(m map[string]any, depth int) (any, error) {
	out := make(map[string]any, len(m))
	for name, e := range m {
		n, err := r.plain(e, depth-1)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}

func (r *reading) list(v traits.Lister, depth int) (any, error) {
	out := []any{}
	for it := v.Iterator(); it.HasNext() == types.True; {
		n, err := r.native(it.Next(), depth-1)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (r *reading) fields(v traits.Mapper, depth int) (any, error) {
	out := map[string]any{}
	for it := v.Iterator(); it.HasNext() == types.True; {
		k := it.Next()
		if u, ok := k.(*types.Unknown); ok {
			return nil, holes{u}
		}
		name, ok := k.(types.String)
		if !ok {
			return nil, fault.New(fault.Invalid, "a map with keys of type %s cannot be an argument", k.Type().TypeName())
		}
		n, err := r.native(v.Get(k), depth-1)
		if err != nil {
			return nil, err
		}
		out[string(name)] = n
	}
	return out, nil
}

// holed is a map with gaps: under each key that may be there lies one.
func (r *reading) holed(v *holed, depth int) (any, error) {
	out := map[string]any{}
	for name, m := range v.members {
		n, err := r.native(types.DefaultTypeAdapter.NativeToValue(m), depth-1)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}

// Value makes what a Go program holds fit for expressions: the shapes of encoding/json, with whole numbers of any type as
// int64. What is fit already is given as it is, and copied where something in it is not; nobody changes what it gives; what it does not know it leaves to CEL, which gives an error for it.
func Value(v any) any {
	out, _ := fit(v)
	return out
}

// fit also reports whether it is another.
func fit(v any) (any, bool) {
	switch v := v.(type) {
	case nil, string, bool, int64:
		return v, false
	case map[string]any:
		return fitMap(v)
	case []any:
		return fitList(v)
	case map[string]string:
		if len(v) == 0 {
			return none, true
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = e
		}
		return out, true
	case []string:
		return values(v), true
	case []map[string]any:
		return values(v), true
	case *time.Time:
		if v == nil {
			return nil, true
		}
		return *v, true
	default:
		return number(v), true
	}
}

// none is a map with nothing in it; nobody changes what Value gives.
var none = map[string]any{}

func fitMap(m map[string]any) (any, bool) {
	if m == nil {
		return none, true
	}
	var out map[string]any
	for k, e := range m {
		f, other := fit(e)
		if other && out == nil {
			out = maps.Clone(m)
		}
		if other {
			out[k] = f
		}
	}
	if out == nil {
		return m, false
	}
	return out, true
}

func fitList(list []any) (any, bool) {
	var out []any
	for i, e := range list {
		f, other := fit(e)
		if other && out == nil {
			out = slices.Clone(list)
		}
		if other {
			out[i] = f
		}
	}
	if out == nil {
		return list, false
	}
	return out, true
}

func values[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = Value(e)
	}
	return out
}
