package inventory

import (
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// Complete names as unknown what the reader of a resource could not fill in: values that AWS never gives back, and relations that
// nobody looked for, since that is not the same as nothing. Relations that only add to what is judged anyway are left out.
func Complete(res *resource.Resource) {
	if t, ok := schema.Of(res.Type); ok {
		for _, path := range gaps(t, res.Properties) {
			name(res, path, resource.NeverGivenBack)
		}
	}
	for _, r := range relation.Of(res.Type) {
		if _, there := res.Related[r.Name]; !there && !r.Extra {
			name(res, "related."+r.Name, "it is not read of the live account")
		}
	}
}

// name says that a part is unknown, unless that is said already of it or of what holds it.
func name(res *resource.Resource, path, cause string) {
	for _, u := range res.Unknown {
		if u.Path == path || strings.HasPrefix(path, u.Path+".") || strings.HasPrefix(path, u.Path+"[") {
			return
		}
	}
	res.Unknown = append(res.Unknown, resource.Unknown{Path: path, Cause: cause})
}

// gaps gives the paths, from properties on and in order, at which a value may stand that AWS takes and never gives back.
func gaps(t *schema.Type, properties map[string]any) []string {
	g := gapper{t: t, never: map[string]bool{}}
	paths := schema.WriteOnly(t.Name)
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
	t     *schema.Type
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
	var steps []schema.Step
	for _, name := range done {
		steps = append(steps, schema.Step{Name: name, Element: name == "*"})
	}
	v, _, _ := g.t.At(steps)
	if v == nil || v.Kind != schema.Object {
		return true
	}
	for _, m := range v.Shape.Properties {
		if !g.never[strings.Join(done, ".")+"."+m.Name] {
			return true
		}
	}
	return false
}
