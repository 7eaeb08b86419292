package sigma

import (
	"encoding/json"
	"strings"

	"jobzero/internal/event"
)

// view is an event while it is judged. It belongs to one goroutine.
type view struct {
	event  *event.Event
	fields map[string]any
	steps  []step // the way from the record to the value being visited
}

// step goes into an object by key, or into an array by number.
type step struct {
	key   string
	index int
	array bool
}

// leaf is a value that a field has. An array gives a leaf for each element and one for itself, which is whole.
type leaf struct {
	value any
	whole bool
	at    []step // of objects and arrays only: where their text is
	said  string // their text, once it was asked for
}

// text is the leaf as a text; null has none.
func (v *view) text(l *leaf) (string, bool) {
	switch x := l.value.(type) {
	case nil:
		return "", false
	case string:
		return x, true
	case json.Number:
		return x.String(), true
	case bool:
		if x {
			return "true", true
		}
		return "false", true
	}
	if l.said == "" {
		l.said = textAt(v.event.Raw, l.at)
	}
	return l.said, true
}

// lookup gives every value of a field; none when the field is absent.
func (v *view) lookup(field string) []leaf {
	if x, ok := v.fields[field]; ok { // nearly always the answer, without bookkeeping
		switch x.(type) {
		case map[string]any, []any:
		default:
			return []leaf{{value: x}}
		}
	}
	v.steps = v.steps[:0]
	var out []leaf
	v.descend(v.fields, field, &out)
	return out
}

// descend looks for path in an object or, element by element, in an array. The longest key that leads anywhere wins.
func (v *view) descend(from any, path string, out *[]leaf) bool {
	switch x := from.(type) {
	case []any:
		found := false
		for i, item := range x {
			v.steps = append(v.steps, step{index: i, array: true})
			found = v.descend(item, path, out) || found
			v.steps = v.steps[:len(v.steps)-1]
		}
		return found
	case map[string]any:
		for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
			child, ok := x[path[:end]]
			if !ok {
				continue
			}
			v.steps = append(v.steps, step{key: path[:end]})
			found := true
			if end == len(path) {
				v.collect(child, out)
			} else {
				found = v.descend(child, path[end+1:], out)
			}
			v.steps = v.steps[:len(v.steps)-1]
			if found {
				return true
			}
		}
	}
	return false
}

// collect adds a found value; an array adds its elements, however deep, and itself.
func (v *view) collect(x any, out *[]leaf) {
	switch x := x.(type) {
	case map[string]any:
		*out = append(*out, leaf{value: x, at: append([]step(nil), v.steps...)})
	case []any:
		for i, item := range x {
			v.steps = append(v.steps, step{index: i, array: true})
			v.collect(item, out)
			v.steps = v.steps[:len(v.steps)-1]
		}
		*out = append(*out, leaf{value: x, whole: len(x) > 0, at: append([]step(nil), v.steps...)})
	default:
		*out = append(*out, leaf{value: x})
	}
}

// everything gives what keywords are looked for in: each plain value of the record, and the record's text.
func (v *view) everything() []leaf {
	out := []leaf{{value: v.fields, whole: true}}
	var visit func(any)
	visit = func(x any) {
		switch x := x.(type) {
		case map[string]any:
			for _, c := range x {
				visit(c)
			}
		case []any:
			for _, c := range x {
				visit(c)
			}
		default:
			out = append(out, leaf{value: x})
		}
	}
	visit(v.fields)
	return out
}
