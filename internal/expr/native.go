package expr

import (
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"jobzero/internal/fault"
)

// holes is the error that there are gaps in a value.
type holes struct{ gaps *types.Unknown }

func (holes) Error() string { return "a part of the argument is not known" }

// Gap stands in the arguments of a function that takes them in part (Func.Partial) where a value is not known.
type Gap struct{ unknown *types.Unknown }

// budget is how much may still be read, and whether what is not known is given as a Gap.
type budget struct {
	left int
	gaps bool
}

// native gives a CEL value as the Go value that Kind promises. Values may share parts, so what looks small can be huge:
// left counts down over all of them.
func native(v ref.Val, depth int, left *budget) (any, error) {
	if left.left--; left.left < 0 || depth < 0 {
		return nil, fault.New(fault.Invalid, "the argument is too large")
	}
	switch v := v.(type) {
	case *types.Unknown:
		if left.gaps {
			return Gap{v}, nil
		}
		return nil, holes{v}
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		return uint64(v), nil
	case types.Double:
		return float64(v), nil
	case types.String:
		left.left -= len(v)
		return string(v), nil
	case types.Bytes:
		left.left -= len(v)
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
		return native(v.GetValue(), depth-1, left)
	case traits.Lister:
		return nativeList(v, depth, left)
	case *holed:
		if left.gaps {
			return nativeHoled(v, depth, left)
		}
		return nativeMap(v, depth, left)
	case traits.Mapper:
		return nativeMap(v, depth, left)
	default:
		return nil, fault.New(fault.Invalid, "a value of type %s cannot be an argument", v.Type().TypeName())
	}
}

func nativeList(v traits.Lister, depth int, left *budget) (any, error) {
	out := []any{}
	for it := v.Iterator(); it.HasNext() == types.True; {
		n, err := native(it.Next(), depth-1, left)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func nativeMap(v traits.Mapper, depth int, left *budget) (any, error) {
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
		n, err := native(v.Get(k), depth-1, left)
		if err != nil {
			return nil, err
		}
		out[string(name)] = n
	}
	return out, nil
}

// nativeHoled gives a map whose gaps stay where they are.
func nativeHoled(h *holed, depth int, left *budget) (any, error) {
	out := map[string]any{}
	for name, v := range h.members {
		n, err := native(types.DefaultTypeAdapter.NativeToValue(v), depth-1, left)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}

// Value makes what a Go program holds fit for expressions: the shapes of encoding/json, with whole numbers of any type as
// int64. It copies, and leaves what it does not know to CEL, which gives an error for it.
func Value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = Value(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Value(e)
		}
		return out
	case map[string]string:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = e
		}
		return out
	case []string:
		return values(v)
	case []map[string]any:
		return values(v)
	case *time.Time:
		if v == nil {
			return nil
		}
		return *v
	default:
		return number(v)
	}
}

func values[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = Value(e)
	}
	return out
}
