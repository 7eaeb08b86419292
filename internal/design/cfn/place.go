package cfn

import (
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/doc"
)

func placeOf(file string, n *doc.Node) design.Place {
	if n == nil {
		return design.Place{File: file}
	}
	return design.Place{File: n.File(), Line: n.Line, Col: n.Col} // a nested stack has values from the one above
}

// places says where a part of a resource is written: its value, or the nearest part above that is written.
func places(file string, of design.Place, properties *val, tags string) func(string) design.Place {
	return func(path string) design.Place {
		rest, ok := strings.CutPrefix(path, "properties")
		v, best := properties, (*doc.Node)(nil)
		if !ok {
			if rest, ok = strings.CutPrefix(path, "tags"); !ok || tags == "" || properties.get(tags) == nil {
				return of
			}
			if v = properties.get(tags); v.kind == list {
				return placeOf(file, tagged(v, rest).node)
			}
		}
		for v != nil {
			if v.node != nil {
				best = v.node
			}
			if rest == "" {
				break
			}
			v, rest = v.follow(rest)
		}
		if best == nil {
			return of
		}
		return placeOf(file, best)
	}
}

// tagged is the tag of a list that a path such as .Team names, or else the list.
func tagged(v *val, path string) *val {
	name := strings.TrimPrefix(path, ".")
	if quoted, ok := strings.CutPrefix(path, "["); ok {
		if s, err := strconv.Unquote(strings.TrimSuffix(quoted, "]")); err == nil {
			name = s
		}
	}
	for _, item := range v.items {
		if key, ok := item.get("Key").known(); ok && key == name {
			if value := item.get("Value"); value != nil && value.node != nil {
				return value
			}
			return item
		}
	}
	return v
}

// follow goes one step of a path, and gives what is left of it.
func (v *val) follow(path string) (next *val, rest string) {
	if path[0] != '[' && path[0] != '.' {
		return nil, ""
	}
	if quoted, err := strconv.QuotedPrefix(strings.TrimPrefix(path, "[")); err == nil && path[0] == '[' {
		name, _ := strconv.Unquote(quoted)
		return v.get(name), strings.TrimPrefix(path[1+len(quoted):], "]")
	}
	if path[0] == '[' {
		index, rest, _ := strings.Cut(path[1:], "]")
		i, err := strconv.Atoi(index)
		if i == 0 && v.kind != list { // one value that was read as a list of one
			return v, rest
		}
		if err != nil || v.kind != list || i < 0 || i >= len(v.items) {
			return nil, ""
		}
		return v.items[i], rest
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	return v.get(path[:end]), path[end:]
}
