package relate

import (
	"slices"
	"strings"

	"jobzero/internal/resource"
)

// index notes who names whom.
func (w *walker) index() {
	byName := make(map[string]int, len(w.doc.Resources))
	w.named, w.types, w.open = map[resource.Type]map[string]int{}, map[resource.Type][]int{}, map[name][]int{}
	w.standing = map[int]map[string]string{}
	for i := range w.doc.Resources {
		d := &w.doc.Resources[i]
		byName[d.Name] = i
		w.types[d.Type] = append(w.types[d.Type], i)
		if w.named[d.Type] == nil {
			w.named[d.Type] = map[string]int{}
		}
		for _, name := range []string{d.ID, d.ARN} {
			if name != "" && name != d.Name {
				w.named[d.Type][name] = i
			}
		}
	}
	w.alike, w.given = map[place]map[string][]int{}, map[place]string{}
	w.links, w.back, w.other, w.past = map[place][]int{}, map[int][]place{}, map[int][]string{}, map[place][]string{}
	for _, l := range w.doc.Links {
		from, ok1 := byName[l.From]
		to, ok2 := byName[l.To]
		path, ok3 := strings.CutPrefix(l.Path, "properties.")
		if l.Parameter {
			w.given[place{from, path}] = l.To
			continue
		}
		if !ok1 && ok2 && !slices.Contains(w.other[to], l.From) {
			w.other[to] = append(w.other[to], l.From)
		}
		if ok1 && !ok2 && ok3 && !slices.Contains(w.past[place{from, path}], l.To) {
			w.past[place{from, path}] = append(w.past[place{from, path}], l.To)
		}
		if !ok1 || !ok2 || !ok3 || from == to {
			continue
		}
		w.stands(l, from, to)
		at := place{from, path}
		if !slices.Contains(w.links[at], to) {
			w.links[at] = append(w.links[at], to)
			w.back[to] = append(w.back[to], at)
		}
	}
	w.literals()
	w.patterns()
}

// literals notes who names another by its identifier or ARN written out, at the properties that the table asks for.
func (w *walker) literals() {
	for i := range w.doc.Resources {
		d := &w.doc.Resources[i]
		for _, n := range names(d.Type) {
			known := w.named[n.to]
			if len(known) == 0 {
				continue
			}
			leaves(d.Properties, strings.Split(n.path, "."), "", func(path string, v any) {
				text, _ := v.(string)
				to, ok := known[text]
				at := place{i, path}
				if ok && to != i && len(w.links[at]) == 0 { // a reference says better which one of the same name is meant
					w.links[at] = append(w.links[at], to)
					w.back[to] = append(w.back[to], at)
				}
			})
		}
	}
}
