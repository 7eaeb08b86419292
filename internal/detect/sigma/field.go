package sigma

import (
	"bytes"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// field is a path of a rule, prepared for looking into records.
type field struct {
	path   string
	number int // its own among the fields of an engine
	// The longest beginning of the path that records keep a slot for, and what is left of the path below it. A member's
	// name may hold dots, so this is the answer only where the record says that none does.
	slot    event.Slot
	slotted bool
	rest    string
	steps   Path // instead of all that where the path has a number in it
	lineage bool // it is below lineage, and rest is what is left of the path there
}

// pathField prepares the path of a line.
func pathField(p Path, number int) *field {
	for _, s := range p {
		if s.Array {
			return &field{path: p.String(), number: number, steps: p, lineage: p[0].Key == lineageName}
		}
	}
	return newField(p.dotted(), number)
}

// dotted is the path's keys with dots between them; a key that has dots itself is found all the same.
func (p Path) dotted() string {
	keys := make([]string, len(p))
	for i, s := range p {
		keys[i] = s.Key
	}
	return strings.Join(keys, ".")
}

func newField(path string, number int) *field {
	f := &field{path: path, number: number}
	if f.rest, f.lineage = belowLineage(path); f.lineage {
		return f
	}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		if s, ok := event.SlotOf(path[:end]); ok {
			f.slot, f.slotted = s, true
			f.rest = strings.TrimPrefix(path[end:], ".")
			break
		}
	}
	return f
}

// lookup gives every value of a field; none when the field is absent.
func (v *view) lookup(f *field) []leaf {
	if f.number < len(v.found) {
		if c := &v.found[f.number]; c.turn == v.turn {
			return c.leaves
		}
	}
	out := v.scratch(f)
	v.values = v.reach(f, v.values[:0])
	for _, x := range v.values {
		out = collect(x, out)
	}
	if f.number < len(v.found) {
		v.found[f.number] = known{v.turn, out}
	}
	return out
}

// reach gives the values that stand where a field's path leads.
func (v *view) reach(f *field, out []rawjson.Value) []rawjson.Value {
	switch {
	case f.path == element:
		return append(out, v.whole())
	case f.lineage && v.within == nil:
		return v.ofLineage(f, out)
	case f.steps != nil:
		return walk(v.whole(), f.steps, out)
	case v.within != nil: // an element has no slots
		out, _ = descend(v.within, f.path, out)
	case f.slotted && v.record.Knows(f.slot):
		x := v.record.Get(f.slot)
		switch {
		case len(x) == 0:
		case f.rest == "":
			return append(out, x)
		default:
			out, _ = descend(x, f.rest, out)
		}
	case !f.slotted && v.record.Complete(): // nothing else is at the top
	default:
		out, _ = descend(v.whole(), f.path, out)
	}
	return out
}

// walk goes along steps of which some are numbers.
func walk(from rawjson.Value, steps Path, out []rawjson.Value) []rawjson.Value {
	now := []rawjson.Value{from}
	for len(steps) > 0 {
		n := 0
		for n < len(steps) && !steps[n].Array {
			n++
		}
		var next []rawjson.Value
		for _, x := range now {
			if n > 0 {
				next, _ = descend(x, steps[:n].dotted(), next)
			} else if y := at(x, steps[0].Index); y != nil {
				next = append(next, y)
			}
		}
		now, steps = next, steps[max(n, 1):]
	}
	return append(out, now...)
}

// at is an element of an array, from its end for a negative number; nil when there is none. What is no array counts as an array
// of that one element, as it does for Element.
func at(x rawjson.Value, n int) rawjson.Value {
	all := elements(x, nil)
	if n < 0 {
		n += len(all)
	}
	if n < 0 || n >= len(all) {
		return nil
	}
	return all[n]
}

// elements adds what an Element looks at one by one.
func elements(x rawjson.Value, out []rawjson.Value) []rawjson.Value {
	if x.IsNull() {
		return out
	}
	if x[0] != '[' {
		return append(out, x)
	}
	for it := rawjson.Over(x); it.Next(); {
		out = append(out, it.Value)
	}
	return out
}

// descend looks for path in an object or, element by element, in an array. The longest name that leads anywhere wins.
func descend(from rawjson.Value, path string, out []rawjson.Value) ([]rawjson.Value, bool) {
	if len(from) == 0 {
		return out, false
	}
	switch from[0] {
	case '[':
		found := false
		for it := rawjson.Over(from); it.Next(); {
			var here bool
			out, here = descend(it.Value, path, out)
			found = found || here
		}
		return out, found
	case '{':
		return inObject(from, path, out)
	}
	return out, false
}

// inObject tries the names that the path may begin with, from the longest to the shortest. Of members with one name the last
// counts, as in every decoder.
func inObject(from rawjson.Value, path string, out []rawjson.Value) ([]rawjson.Value, bool) {
	type way struct {
		length int
		value  rawjson.Value
	}
	var few [4]way
	ways := few[:0]
members:
	for it := rawjson.Over(from); it.Next(); {
		n := len(it.Name)
		if n > len(path) || string(it.Name) != path[:n] || n < len(path) && path[n] != '.' {
			continue
		}
		for i := range ways {
			if ways[i].length == n {
				ways[i].value = it.Value
				continue members
			}
		}
		ways = append(ways, way{n, it.Value})
	}
	for len(ways) > 0 {
		best := 0
		for i := range ways {
			if ways[i].length > ways[best].length {
				best = i
			}
		}
		w := ways[best]
		if w.length == len(path) {
			return append(out, w.value), true
		}
		var found bool
		if out, found = descend(w.value, path[w.length+1:], out); found {
			return out, true
		}
		ways = append(ways[:best], ways[best+1:]...)
	}
	return out, false
}

// collect adds a found value; an array adds its elements, however deep, and itself.
func collect(x rawjson.Value, out []leaf) []leaf {
	if x[0] != '[' {
		return append(out, leaf{value: x})
	}
	empty := true
	for it := rawjson.Over(x); it.Next(); {
		empty = false
		out = collect(it.Value, out)
	}
	return append(out, leaf{value: x, whole: !empty})
}

// everything gives what keywords are looked for in: each plain value of the record, and the record's text.
func (v *view) everything() []leaf {
	if v.all == nil {
		v.all = plainValues(v.whole(), append(v.all, leaf{value: v.whole(), whole: true}))
	}
	return v.all
}

func plainValues(x rawjson.Value, out []leaf) []leaf {
	if x[0] != '{' && x[0] != '[' {
		return append(out, leaf{value: x})
	}
	for it := rawjson.Over(x); it.Next(); {
		out = plainValues(it.Value, out)
	}
	return out
}

// whole is the record, or the element that is looked at in its place, as one value.
func (v *view) whole() rawjson.Value {
	if v.within != nil {
		return v.within
	}
	return bytes.TrimSpace(v.record.Raw)
}
