package relate

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// patterns notes who names another by a text of which a part is not known, such as ${Env}-data, when that is the other's own name by the same
// text: in one template a parameter has one value. In Terraform each instance of a module may have another, so nothing is noted there.
func (w *walker) patterns() {
	if w.doc.Format != design.CloudFormation {
		return
	}
	known := map[resource.Type]map[string]int{}
	for i := range w.doc.Resources {
		d := &w.doc.Resources[i]
		text := d.Partly["properties."+own(d.Type)]
		if text == "" || strings.Contains(text, "${}") || strings.Contains(text, "${Fn::") || !w.loose(place{i, own(d.Type)}) {
			continue
		}
		if known[d.Type] == nil {
			known[d.Type] = map[string]int{}
		}
		known[d.Type][stack(d.Name)+text] = i
	}
	for i := range w.doc.Resources {
		d := &w.doc.Resources[i]
		for _, whole := range slices.Sorted(maps.Keys(d.Partly)) {
			path, ok := strings.CutPrefix(whole, "properties.")
			at := place{i, path}
			if !ok || !w.loose(at) {
				continue
			}
			for _, n := range names(d.Type) {
				to, there := known[n.to][stack(d.Name)+d.Partly[whole]]
				if there && to != i && n.path == flat(path) && w.loose(at) {
					w.links[at] = []int{to}
					w.back[to] = append(w.back[to], at)
				}
			}
		}
	}
}

// hidden gives one of a type of which the property that a hop asks for is not known and comes from nowhere here; below zero when there is
// none, or when the resource has no name that anybody knew before it was made.
func (w *walker) hidden(i int, h relation.Hop) int {
	d := &w.doc.Resources[i]
	name := own(d.Type)
	if name == "" {
		return -1
	}
	if _, given := d.Properties[name]; !given && !slices.ContainsFunc(d.Unknown, func(u resource.Unknown) bool { return u.Path == "properties."+name }) {
		return -1
	}
	for _, k := range w.unsettled(h) {
		if k != i {
			return k
		}
	}
	return -1
}

// unsettled gives those of a type of which the property that a hop asks for is not known and comes from nowhere here: the first two.
func (w *walker) unsettled(h relation.Hop) []int {
	key := name{h.Path, h.Type}
	list, there := w.open[key]
	if there {
		return list
	}
	for _, k := range w.types[h.Type] {
		if len(list) < 2 && slices.ContainsFunc(w.doc.Resources[k].Unknown, func(u resource.Unknown) bool {
			path, ok := strings.CutPrefix(u.Path, "properties.")
			return ok && flat(path) == h.Path && w.loose(place{k, path})
		}) {
			list = append(list, k)
		}
	}
	w.open[key] = list
	return list
}

// loose reports whether a value comes from nothing in the text.
func (w *walker) loose(at place) bool { return len(w.links[at]) == 0 && len(w.past[at]) == 0 }

// own is the property that a resource of a type is known by; empty when there is none that can be asked for, or when there are several.
func own(t resource.Type) string {
	typ, ok := schema.Of(t)
	if !ok || len(typ.ID) != 1 || !slices.ContainsFunc(typ.Properties, func(m schema.Member) bool { return m.Name == typ.ID[0] }) {
		return ""
	}
	return typ.ID[0]
}

// stack is what stands before the logical ID in the name of a resource of a nested stack.
func stack(name string) string { return name[:strings.LastIndex(name, ".")+1] }
