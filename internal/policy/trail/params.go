package trail

import (
	"encoding/json"
	"strconv"
	"strings"
)

// at gives the values at a path of the parameters; a step with [] goes through the elements of a list. found is false when
// there is nothing.
func at(v any, path []string) (out []any, found bool) {
	if len(path) == 0 {
		return []any{v}, v != nil
	}
	name, each := strings.CutSuffix(path[0], "[]")
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	next, ok := m[name]
	if !ok || next == nil {
		return nil, false
	}
	if !each {
		return at(next, path[1:])
	}
	list, ok := next.([]any)
	if !ok {
		return nil, false
	}
	for _, e := range list {
		if some, ok := at(e, path[1:]); ok {
			out = append(out, some...)
		}
	}
	return out, len(out) > 0
}

// texts are scalars as condition keys have them; false when one is none. S3 writes headers as lists of one.
func texts(values []any) (out []string, ok bool) {
	for _, v := range values {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		case bool:
			out = append(out, strconv.FormatBool(v))
		case []any:
			more, ok := texts(v)
			if !ok {
				return nil, false
			}
			out = append(out, more...)
		default:
			return nil, false
		}
	}
	return out, len(out) > 0
}

// one is the only text at a path.
func one(v any, path string) string {
	found, ok := at(v, strings.Split(path, "."))
	if !ok {
		return ""
	}
	list, ok := texts(found)
	if !ok || len(list) != 1 {
		return ""
	}
	return list[0]
}
