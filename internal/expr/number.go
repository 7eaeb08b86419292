package expr

import (
	"encoding/json"
	"math"
)

// number gives whole numbers as int64, because 22.0 would print as "22.0" in a message; what is no number stays.
func number(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		if f, err := v.Float64(); err == nil {
			return whole(f)
		}
		return v.String()
	case float64:
		return whole(v)
	case float32:
		return whole(float64(v))
	case int:
		return int64(v)
	case int32:
		return int64(v)
	case *int32:
		if v == nil {
			return nil
		}
		return int64(*v)
	case *bool:
		if v == nil {
			return nil
		}
		return *v
	case *string:
		if v == nil {
			return nil
		}
		return *v
	default:
		return v
	}
}

func whole(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}
