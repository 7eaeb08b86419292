package schema

import (
	"strconv"
	"strings"

	"jobzero/internal/resource"
)

// The table's lines:
//
//	T TYPE IDENTIFIERS TAGS   begins a type; a list with commas, or -; the property of its tags, or -
//	p NAME KIND               a property of the type or object above; ! it is required, ^ changing it makes a new resource
//	a NAME KIND               an attribute
//	O NAME                    begins the type's next object, which kinds call o0, o1 and so on
//
// A kind is a letter, see Kind, with allowed values as =A,B;. [ and { come before the kind of their elements, |N before
// N kinds.

// block is a type while it is read.
type block struct {
	t       *Type
	shapes  []*Shape
	pending []*Value // objects, their numbers in the order of refs
	refs    []int
}

// parse reads the type that the text begins with.
func parse(text string) *Type {
	b := &block{t: &Type{}}
	shape := &b.t.Shape
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		sign, rest := line[0], line[2:]
		switch sign {
		case 'T':
			if b.t.Name != "" {
				return b.finish()
			}
			b.head(rest)
		case 'O':
			shape = &Shape{Name: rest}
			b.shapes = append(b.shapes, shape)
		case 'p', 'a':
			name, kind, _ := strings.Cut(rest, " ")
			v, flags := b.value(kind)
			m := Member{Name: name, Value: v, Required: strings.Contains(flags, "!"), Replaces: strings.Contains(flags, "^")}
			if sign == 'p' {
				shape.Properties = append(shape.Properties, m)
			} else {
				shape.Attributes = append(shape.Attributes, m)
			}
		}
	}
	return b.finish()
}

func (b *block) head(rest string) {
	f := strings.Fields(rest)
	b.t.Name, b.t.Shape.Name = resource.Type(f[0]), f[0]
	if f[1] != "-" {
		b.t.ID = strings.Split(f[1], ",")
	}
	if f[2] != "-" {
		b.t.Tags = f[2]
	}
}

func (b *block) finish() *Type {
	for i, v := range b.pending {
		v.Shape = b.shapes[b.refs[i]]
	}
	return b.t
}

// value reads a kind, and gives what stands behind it.
func (b *block) value(text string) (v *Value, rest string) {
	v, rest = &Value{Kind: Kind(text[0])}, text[1:]
	switch v.Kind {
	case List, Map:
		v.Of, rest = b.value(rest)
	case Object:
		n, after := number(rest)
		b.pending, b.refs, rest = append(b.pending, v), append(b.refs, n), after
	case OneOf:
		n, after := number(rest)
		rest = after
		for range n {
			var one *Value
			one, rest = b.value(rest)
			v.Among = append(v.Among, one)
		}
	default:
		if list, ok := strings.CutPrefix(rest, "="); ok {
			list, rest, _ = strings.Cut(list, ";")
			v.Allowed = strings.Split(list, ",")
		}
	}
	return v, rest
}

func number(text string) (n int, rest string) {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	n, _ = strconv.Atoi(text[:i])
	return n, text[i:]
}
