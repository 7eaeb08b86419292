package relate

import (
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
)

// take adds what is meant of a resource; the elements of a list one by one.
func (f *found) take(d *design.Declared, at place) {
	if f.seen[at] {
		return
	}
	f.seen[at] = true
	path := "properties"
	var value any = d.Properties
	if at.path != "" {
		path += "." + at.path
		for _, name := range strings.Split(at.path, ".") {
			m, _ := value.(map[string]any)
			value = m[name]
		}
	}
	var holes []resource.Unknown
	for _, u := range d.Unknown {
		rest, ok := strings.CutPrefix(u.Path, path)
		switch {
		case ok && (rest == "" || rest[0] == '.' || rest[0] == '['):
			holes = append(holes, resource.Unknown{Path: rest, Cause: d.Name + ": " + u.Cause, Code: u.Code, Present: u.Present, Filled: u.Filled})
		case strings.HasPrefix(path, u.Path+"."):
			holes = append(holes, resource.Unknown{Cause: d.Name + ": " + u.Cause, Code: u.Code})
		}
	}
	whole := slices.ContainsFunc(holes, func(u resource.Unknown) bool { return u.Path == "" })
	switch list, ok := value.([]any); {
	case ok && !whole && f.many:
		f.spread(list, holes)
	case value != nil || whole:
		f.parts = append(f.parts, part{value, holes})
	}
}

// spread adds the elements of a list, each with what is not known of it.
func (f *found) spread(list []any, holes []resource.Unknown) {
	for i, v := range list {
		p := part{value: v}
		for _, u := range holes {
			if rest, ok := strings.CutPrefix(u.Path, "["+strconv.Itoa(i)+"]"); ok {
				u.Path = rest
				p.holes = append(p.holes, u)
			}
		}
		f.parts = append(f.parts, p)
	}
}

// leaves visits the values at a property, through lists.
func leaves(v any, names []string, at string, visit func(path string, v any)) {
	if list, ok := v.([]any); ok {
		for i, e := range list {
			leaves(e, names, at+"["+strconv.Itoa(i)+"]", visit)
		}
		return
	}
	if len(names) == 0 {
		visit(at, v)
		return
	}
	if m, ok := v.(map[string]any); ok {
		if next, ok := m[names[0]]; ok {
			if at != "" {
				at += "."
			}
			leaves(next, names[1:], at+names[0], visit)
		}
	}
}

// flat is a path without its indexes.
func flat(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	var b strings.Builder
	for path != "" {
		before, rest, found := strings.Cut(path, "[")
		b.WriteString(before)
		if !found {
			break
		}
		_, path, _ = strings.Cut(rest, "]")
	}
	return b.String()
}
