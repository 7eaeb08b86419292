package drift

import (
	"strconv"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// hole stands in a value where nothing is known.
type hole struct {
	why  string
	code fault.Code
}

// holed is a copy of properties with a hole in the place of each unknown part. A path that leads nowhere makes the nearest part that
// is there a hole: unknown too much is safe, unknown too little is not.
func holed(properties map[string]any, unknown []resource.Unknown) any {
	root := any(map[string]any{"properties": cloned(properties)})
	for _, u := range unknown {
		if steps := stepsOf(u.Path); len(steps) > 0 && steps[0] == "properties" {
			root = dig(root, steps, hole{u.Cause, u.Code})
		}
	}
	top, _ := root.(map[string]any)
	return top["properties"]
}

func cloned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = cloned(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = cloned(e)
		}
		return out
	case map[string]string:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = e
		}
		return out
	case []string:
		return listed(v)
	case []map[string]any:
		return listed(v)
	}
	return v
}

func listed[T any](list []T) []any {
	out := make([]any, len(list))
	for i, e := range list {
		out[i] = cloned(e)
	}
	return out
}

// dig puts a hole where a path leads. A name in a list is one of each element.
func dig(v any, steps []string, h hole) any {
	if len(steps) == 0 {
		return h
	}
	step, rest := steps[0], steps[1:]
	switch v := v.(type) {
	case hole:
		return v
	case map[string]any:
		next, there := v[step]
		if !there && len(rest) > 0 {
			next = map[string]any{}
		}
		v[step] = dig(next, rest, h)
		return v
	case []any:
		if step == "+" { // it may have more
			return append(v, h)
		}
		if i, err := strconv.Atoi(step); err == nil {
			if i < 0 || i >= len(v) {
				return h
			}
			v[i] = dig(v[i], rest, h)
			return v
		}
		for i := range v {
			at := steps
			if step == "*" {
				at = rest
			}
			v[i] = dig(v[i], at, h)
		}
		return v
	}
	return h
}

// stepsOf takes a path such as properties.Rules[0]["a.b"] apart.
func stepsOf(path string) []string {
	var out []string
	for path != "" {
		if strings.HasPrefix(path, `["`) {
			quoted, err := strconv.QuotedPrefix(path[1:])
			name, bad := strconv.Unquote(quoted)
			if err != nil || bad != nil {
				return out
			}
			out, path = append(out, name), strings.TrimPrefix(path[1+len(quoted):], "]")
			continue
		}
		if path[0] == '[' {
			index, rest, _ := strings.Cut(path[1:], "]")
			out, path = append(out, index), rest
			continue
		}
		path = strings.TrimPrefix(path, ".")
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		if end == 0 {
			return out
		}
		out, path = append(out, path[:end]), path[end:]
	}
	return out
}

// under is the path of a member.
func under(path, name string) string {
	for i, r := range name {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9' {
			continue
		}
		return path + "[" + strconv.Quote(name) + "]"
	}
	if name == "" {
		return path + `[""]`
	}
	return path + "." + name
}

// element is the path of an element.
func element(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// absent stands for what is not there.
type absent struct{}

// solid reports whether a value says something: there is something in it that is known and not empty, false or zero.
func solid(v any) bool {
	switch v := v.(type) {
	case nil, hole, absent:
		return false
	case bool:
		return v
	case string:
		return v != "" && !strings.EqualFold(v, "false") && v != "0"
	case map[string]any:
		for _, e := range v {
			if solid(e) {
				return true
			}
		}
		return false
	case []any:
		for _, e := range v {
			if solid(e) {
				return true
			}
		}
		return false
	}
	text, _ := textOf(v)
	return text != "0"
}

// empty reports whether a value is written and holds nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil, absent:
		return true
	case string:
		return v == ""
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// shown is a value for people: what is not known of it is said to be so, and what may be a secret is left out.
func shown(v any) any {
	switch v := v.(type) {
	case hole:
		return "(not known)"
	case absent:
		return nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if out[k] = shown(e); secret(k) {
				out[k] = masked(out[k])
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = shown(e)
		}
		return out
	}
	return v
}
