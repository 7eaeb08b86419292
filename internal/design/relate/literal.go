package relate

import (
	"slices"
	"sync"

	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// name says that a property of a type names resources of another.
type name struct {
	path string
	to   resource.Type
}

var all = sync.OnceValue(func() map[resource.Type][]name {
	out := map[resource.Type][]name{}
	add := func(from resource.Type, n name) {
		if !slices.Contains(out[from], n) {
			out[from] = append(out[from], n)
		}
	}
	for _, t := range relation.Types() {
		for _, r := range relation.Of(t) {
			for _, way := range r.Ways {
				at := t
				for _, h := range way.Hops {
					if h.Type == relation.Any {
						break // no property to look at, or no kind
					}
					switch {
					case h.All: // no property names anything
					case h.Back:
						add(h.Type, name{h.Path, at})
					default:
						add(at, name{h.Path, h.Type})
					}
					at = h.Type
				}
			}
		}
	}
	return out
})

// names are the properties of a type that name others, as far as the table asks for them.
func names(t resource.Type) []name { return all()[t] }
