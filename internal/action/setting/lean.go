package setting

import (
	"encoding/json"

	"jobzero/internal/action"
	"jobzero/internal/fault"
)

// Lean writes a structure of the SDK without its empty members, for the input of a call that puts back what was read.
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
			if m = lean(m); m == nil || m == "" {
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
