package relate

import (
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
)

// anybody finds whatever names a resource: others of the text, and what is no resource here, of which the name is known.
func (w *walker) anybody(f *found, i, from int) {
	d := &w.doc.Resources[i]
	if w.doc.Excerpt || d.Standing {
		f.more = "what else names it is not to be seen here"
	}
	for _, b := range w.back[i] {
		o := &w.doc.Resources[b.at]
		if strings.HasPrefix(string(o.Type), string(d.Type)) {
			continue
		}
		if len(w.links[b]) > 1 {
			f.doubt = o.Name + " may name another"
		} else if w.sure(f, b.at, from) {
			f.take(o, place{at: b.at})
		}
	}
	for _, name := range w.other[i] {
		f.parts = append(f.parts, part{value: map[string]any{"Name": name}})
	}
	if len(f.parts) == 0 && w.doc.Format == design.TerraformPlan && slices.ContainsFunc(w.doc.Skipped, strange) {
		f.more = "something of which nothing is known may name it"
	}
	for k := range w.doc.Resources {
		if o := &w.doc.Resources[k]; f.more == "" && k != i && blank(o) {
			f.more = o.Name + " may name it: nothing is known of it"
		}
	}
}

// origins takes what the values of a property come from, one for each. What is no resource here has its name alone; what is written
// out comes from nowhere, and is taken as Written.
func (w *walker) origins(f *found, i, from int, h relation.Hop) {
	d := &w.doc.Resources[i]
	visit := func(path string, v any) {
		at := place{i, path}
		all, past := w.links[at], w.past[at]
		switch {
		case len(all)+len(past) > 1:
			f.doubt = path + " may come from one or another"
		case len(past) == 1 && h.Type != relation.Any:
			f.more = path + " comes from " + past[0] + ", of which nothing is known"
		case len(past) == 1:
			f.parts = append(f.parts, part{value: map[string]any{"Name": past[0]}})
		case len(all) == 1 && h.Type != relation.Any && w.doc.Resources[all[0]].Type != h.Type:
			f.more = path + " comes from " + w.doc.Resources[all[0]].Name + ", which is another type"
		case len(all) == 1 && w.sure(f, all[0], from):
			f.take(&w.doc.Resources[all[0]], place{at: all[0]})
			delete(f.seen, place{at: all[0]})
		case len(all) > 0: // it is there perhaps
		case v != nil:
			f.parts = append(f.parts, part{value: map[string]any{relation.Written: v}})
		default:
			f.more = "where " + path + " comes from is not known"
		}
	}
	leaves(d.Properties, strings.Split(h.Path, "."), "", func(path string, v any) {
		if v != nil {
			visit(path, v)
		}
	})
	for _, u := range d.Unknown {
		path, ok := strings.CutPrefix(u.Path, "properties")
		path = strings.TrimPrefix(path, ".")
		switch at := flat(path); {
		case !ok:
		case at == h.Path:
			visit(path, nil)
		case at == "" || strings.HasPrefix(h.Path, at+"."):
			f.more = "properties" + u.Path[len("properties"):] + " is not known: " + u.Cause
		}
	}
}

func strange(s design.Skipped) bool { return s.Why == "nothing is known of this type" }

// blank reports whether nothing is known of a resource.
func blank(d *design.Declared) bool {
	return slices.ContainsFunc(d.Unknown, func(u resource.Unknown) bool { return u.Path == "properties" })
}
