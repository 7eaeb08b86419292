package setting

import (
	"encoding/json"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Lean writes a structure of the SDK without the members that it does not have, for the input of a call that puts back what was read.
func Lean(v any) (any, error) {
	text, err := action.Text(v)
	if err != nil {
		return nil, err
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "read %T back", v)
	}
	return lean(out), nil
}

func lean(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			if m = lean(m); m == nil {
				delete(v, k)
			} else {
				v[k] = m
			}
		}
	case []any:
		for i := range v {
			v[i] = lean(v[i])
		}
	}
	return v
}

// Alike reports whether two states are the same by what a plan keeps of them; what cannot be written is like nothing.
func Alike(a, b any) bool {
	x, err := action.Text(a)
	if err != nil {
		return false
	}
	y, err := action.Text(b)
	return err == nil && action.SameText(string(x), string(y))
}

// Has reports whether a call's input has a member: two calls of one permission are told apart by it.
func Has(call effect.Call, member string) bool {
	var in map[string]json.RawMessage
	return json.Unmarshal(call.Input, &in) == nil && in[member] != nil
}
