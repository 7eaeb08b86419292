package relate

import (
	"slices"
	"strconv"
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
	other map[int][]string                 // by resource: who names it and is no resource here
	named map[resource.Type]map[string]int // by type, and identifier or ARN
	types map[resource.Type][]int          // by type
	open  map[name][]int                   // see unsettled

	standing map[int]map[string]string // see stand
	left     int
}

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
	w.links, w.back, w.other, w.past = map[place][]int{}, map[int][]place{}, map[int][]string{}, map[place][]string{}
	for _, l := range w.doc.Links {
		from, ok1 := byName[l.From]
		to, ok2 := byName[l.To]
		path, ok3 := strings.CutPrefix(l.Path, "properties.")
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

// walk follows one way from a resource.
func (w *walker) walk(f *found, from int, way relation.Way) {
	at := []int{from}
	for _, h := range way.Hops {
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
		at = next
	}
	for _, i := range at {
		d := &w.doc.Resources[i]
		if way.Hops[0].All {
			d = w.stand(i)
		}
		f.take(d, place{i, way.Take})
	}
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
