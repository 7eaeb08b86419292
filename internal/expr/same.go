package expr

import (
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/common/types"
)

// same is == of Go's values: true, false, a Gap, or lost. Values may share parts, so that what looks small can be endless to compare: each
// step is spent.
func (f *frame) same(a, b any) any {
	if !f.spend(1) {
		return lost
	}
	switch a := a.(type) {
	case Gap:
		if m := merged(a, b); m != nil {
			return m
		}
	case []any:
		if b, ok := b.([]any); ok {
			return f.sameLists(a, b)
		}
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			return f.sameMaps(a, b)
		}
	case nil, bool, string, int64, float64, time.Time, time.Duration:
	default:
		return lost
	}
	switch b := b.(type) {
	case Gap:
		return b
	case nil:
		return a == nil
	case bool, string, time.Duration:
		return a == b
	case int64:
		return sameNumber(a, b)
	case float64:
		if i, ok := a.(int64); ok {
			return sameNumber(b, i)
		}
		return a == any(b)
	case time.Time:
		t, ok := a.(time.Time)
		return ok && t.Equal(b)
	case []any, map[string]any:
		return false
	}
	return lost
}

func sameNumber(a any, b int64) any {
	switch a := a.(type) {
	case int64:
		return a == b
	case float64:
		if b > 1<<53 || b < -1<<53 {
			return lost
		}
		return a == float64(b)
	}
	return false
}

func (f *frame) sameLists(a, b []any) any {
	if len(a) != len(b) {
		if mayGrow(a) != nil || mayGrow(b) != nil {
			return lost
		}
		return false
	}
	doubt := any(nil)
	for i := range a {
		switch eq := f.same(a[i], b[i]); eq {
		case true:
		case false, lost:
			return eq
		default:
			doubt = merged(doubt, eq)
		}
	}
	if doubt != nil {
		return doubt
	}
	return true
}

func (f *frame) sameMaps(a, b map[string]any) any {
	if gapped(a) || gapped(b) {
		return lost
	}
	if len(a) != len(b) {
		return false
	}
	doubt := any(nil)
	for name, v := range a {
		w, ok := b[name]
		if !ok {
			return false
		}
		switch eq := f.same(v, w); eq {
		case true:
		case false, lost:
			return eq
		default:
			doubt = merged(doubt, eq)
		}
	}
	if doubt != nil {
		return doubt
	}
	return true
}

// among is in of Go's values.
func (f *frame) among(v, all any) any {
	switch all := all.(type) {
	case Gap:
		return merged(v, all)
	case []any:
		return f.amongList(v, all)
	case map[string]any:
		return inMap(v, all)
	}
	return lost
}

func (f *frame) amongList(v any, list []any) any {
	doubt := any(nil)
	for _, e := range list {
		switch eq := f.same(e, v); eq {
		case true, lost:
			return eq
		case false:
		default:
			doubt = merged(doubt, eq)
		}
	}
	if doubt != nil {
		return doubt
	}
	return false
}

func inMap(v any, m map[string]any) any {
	switch v := v.(type) {
	case Gap:
		return v
	case string:
		found, ok := m[v]
		if g, isGap := found.(Gap); isGap && !marked(g.unknown, Present) {
			return g
		}
		return ok
	}
	return lost
}

// sizeOf is size() of Go's values.
func sizeOf(v any) any {
	switch v := v.(type) {
	case Gap:
		return v
	case string:
		return int64(utf8.RuneCountInString(v))
	case []any:
		if more := mayGrow(v); more != nil {
			return Gap{more}
		}
		return int64(len(v))
	case map[string]any:
		if doubt := doubtful(v); doubt != nil {
			return Gap{doubt}
		}
		return int64(len(v))
	}
	return lost
}

// mayGrow is open of Go's values.
func mayGrow(list []any) *types.Unknown {
	for _, e := range list {
		if g, ok := e.(Gap); ok && isMore(g.unknown) {
			return g.unknown
		}
	}
	return nil
}

// doubtful is all gaps together of which it is not known whether there is a value; nil when there are none.
func doubtful(m map[string]any) (all *types.Unknown) {
	for _, v := range m {
		if g, ok := v.(Gap); ok && !marked(g.unknown, Present) {
			all = types.MergeUnknowns(all, g.unknown)
		}
	}
	return all
}
