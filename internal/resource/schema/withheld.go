package schema

import (
	"slices"
	"strconv"
	"strings"
)

// Withheld gives the paths, from properties on and in order, at which a value may stand that AWS takes and never gives back.
func Withheld(t *Type, properties map[string]any) []string {
	g := gapper{t: t, never: map[string]bool{}}
	paths := WriteOnly(t.Name)
	for _, p := range paths {
		g.never[p] = true
	}
	for _, p := range paths {
		g.walk(properties, "properties", nil, strings.Split(p, "."))
	}
	slices.Sort(g.out)
	return slices.Compact(g.out)
}

// gapper walks along the write-only paths of a type.
type gapper struct {
	t     *Type
	never map[string]bool // the paths, with * for elements
	out   []string
}

// walk goes from a value to where the rest of a path leads, into each element of lists that are there. done is the way so far,
// as the schema names it, and at the same with the numbers of elements.
func (g *gapper) walk(v any, at string, done, rest []string) {
	name, rest := rest[0], rest[1:]
	done = append(slices.Clone(done), name)
	if name == "*" {
		list, _ := v.([]any)
		for i, e := range list {
			if len(rest) > 0 {
				g.walk(e, at+"["+strconv.Itoa(i)+"]", done, rest)
			}
		}
		return
	}
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	value, there := m[name]
	at += "." + name
	switch {
	case there && len(rest) > 0:
		g.walk(value, at, done, rest)
	case !there && (len(rest) == 0 || !g.givesBack(done, rest[0] == "*")):
		g.out = append(g.out, at)
	}
}

// givesBack reports whether an object has members that AWS does give back: then its absence is the word that there is none. One
// that holds nothing but write-only values is never there.
func (g *gapper) givesBack(done []string, elements bool) bool {
	if elements {
		done = append(slices.Clone(done), "*")
	}
	var steps []Step
	for _, name := range done {
		steps = append(steps, Step{Name: name, Element: name == "*"})
	}
	v, _, _ := g.t.At(steps)
	if v == nil || v.Kind != Object {
		return true
	}
	for _, m := range v.Shape.Properties {
		if !g.never[strings.Join(done, ".")+"."+m.Name] {
			return true
		}
	}
	return false
}
