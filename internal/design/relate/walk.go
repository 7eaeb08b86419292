package relate

import (
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// walker is one document with its links both ways.
type walker struct {
	doc   *design.Document
	links map[place][]int                  // by resource and exact path: the resources that the value comes from
	back  map[int][]place                  // by resource: who names it, and at which path
	past  map[place][]string               // by resource and exact path: what the value comes from and is no resource here
	given map[place]string                 // by resource and exact path: the parameter that the value is
	other map[int][]string                 // by resource: who names it and is no resource here
	named map[resource.Type]map[string]int // by type, and identifier or ARN
	alike map[place]map[string][]int       // by type and property, as a path: the resources that say the same there
	types map[resource.Type][]int          // by type
	open  map[name][]int                   // see unsettled

	standing map[int]map[string]string // see stand
	left     int
}

// walk follows one way from a resource.
func (w *walker) walk(f *found, from int, way relation.Way) {
	at := []int{from}
	for n, h := range way.Hops {
		var next []int
		for _, i := range at {
			if w.left--; w.left < 0 {
				f.doubt = "the text has too many resources that name one another"
				return
			}
			switch {
			case h.Type == relation.Any && !h.Each:
				w.anybody(f, i, from)
			case h.Each:
				w.origins(f, i, from, h)
			case h.All:
				next = w.every(f, next, i, from, h)
			case h.Back:
				next = w.askers(f, next, i, from, h)
			default:
				next = w.asked(f, next, i, from, h)
			}
		}
		if n == 0 && len(next) == 0 {
			w.beside(f, from, way)
		}
		at = next
	}
	for _, i := range at {
		if i == from {
			continue // it is not told of itself
		}
		d := &w.doc.Resources[i]
		if way.Hops[0].All {
			d = w.stand(i)
		}
		f.take(d, place{i, way.Take})
	}
}

// beside takes those that name the same as a resource does, where the way leads over what they name and that is not in the text: an
// identifier that is written out, or a parameter. There may be more of them elsewhere.
func (w *walker) beside(f *found, from int, way relation.Way) {
	if len(way.Hops) != 2 || way.Hops[0].Back || !way.Hops[1].Back || way.Hops[0].Path != way.Hops[1].Path || way.Hops[1].Type != w.doc.Resources[from].Type {
		return
	}
	path := way.Hops[0].Path
	is := w.says(from, path)
	if is == "" {
		return
	}
	at := place{path: string(way.Hops[1].Type) + " " + path}
	if w.alike[at] == nil {
		w.alike[at] = map[string][]int{}
		for i := range w.doc.Resources {
			if w.doc.Resources[i].Type == way.Hops[1].Type {
				w.alike[at][w.says(i, path)] = append(w.alike[at][w.says(i, path)], i)
			}
		}
	}
	for _, i := range w.alike[at][is] {
		if w.left--; w.left < 0 {
			f.doubt = "the text has too many resources that name one another"
			return
		}
		if i != from && w.sure(f, i, from) {
			f.take(&w.doc.Resources[i], place{i, way.Take})
		}
	}
}

// says is what a property names: the text that is written out, or the one thing that is no resource here; empty when that is not certain.
func (w *walker) says(i int, path string) string {
	if name := w.given[place{i, path}]; name != "" {
		return "\x00" + name
	}
	text, _ := w.doc.Resources[i].Properties[path].(string)
	if past := w.past[place{i, path}]; text == "" && len(past) == 1 {
		return "\x00" + past[0]
	}
	return text
}

// askers adds the resources of a type that name one at a property.
func (w *walker) askers(f *found, to []int, i, from int, h relation.Hop) []int {
	d := &w.doc.Resources[i]
	if w.doc.Excerpt || d.Standing {
		f.more = "what else names it is not to be seen here"
	}
	if who := w.hidden(i, h); who >= 0 {
		f.doubt = w.doc.Resources[who].Name + " names something that is not known, and it may be this"
	}
	for _, b := range w.back[i] {
		o := &w.doc.Resources[b.at]
		if o.Type != h.Type || flat(b.path) != h.Path || slices.Contains(to, b.at) {
			continue
		}
		if len(w.links[b]) > 1 {
			f.doubt = o.Name + " may name another"
		} else if w.sure(f, b.at, from) {
			to = append(to, b.at)
		}
	}
	return to
}

// every adds all resources of a type.
func (w *walker) every(f *found, to []int, i, from int, h relation.Hop) []int {
	if w.doc.Excerpt || w.doc.Resources[i].Standing {
		f.more = "what else there is of " + string(h.Type) + " is not to be seen here"
	}
	for _, k := range w.types[h.Type] {
		if w.left--; w.left < 0 {
			f.doubt = "the text has too many resources that name one another"
			return to
		}
		if w.sure(f, k, from) {
			to = append(to, k)
		}
	}
	return to
}

// asked adds the resources that one names at a property.
func (w *walker) asked(f *found, to []int, i, from int, h relation.Hop) []int {
	d := &w.doc.Resources[i]
	visit := func(path string) {
		all := w.links[place{i, path}]
		switch {
		case len(all) == 0:
			f.more = path + " names something that is not to be seen here"
		case len(all) > 1:
			f.doubt = path + " may name one or another"
		case w.doc.Resources[all[0]].Type == h.Type && !slices.Contains(to, all[0]) && w.sure(f, all[0], from):
			to = append(to, all[0])
		}
	}
	leaves(d.Properties, strings.Split(h.Path, "."), "", func(path string, v any) {
		if v != nil {
			visit(path)
		}
	})
	for _, u := range d.Unknown {
		path, ok := strings.CutPrefix(u.Path, "properties")
		if !ok {
			continue
		}
		switch path, at := strings.TrimPrefix(path, "."), flat(strings.TrimPrefix(path, ".")); {
		case at == h.Path:
			visit(path)
		case at == "" || strings.HasPrefix(h.Path, at+"."):
			f.more = "properties" + u.Path[len("properties"):] + " is not known: " + u.Cause
		}
	}
	return to
}

// sure reports whether a resource is there whenever the one is that asks, and notes the doubt otherwise.
func (w *walker) sure(f *found, i, from int) bool {
	o := &w.doc.Resources[i]
	if o.Perhaps == "" || i == from || o.Perhaps == w.doc.Resources[from].Perhaps {
		return true
	}
	f.doubt = "whether " + o.Name + " is made is not known: " + o.Perhaps
	return false
}
