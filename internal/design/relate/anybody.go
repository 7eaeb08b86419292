package relate

import (
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/resource"
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

func strange(s design.Skipped) bool { return s.Why == "nothing is known of this type" }

// blank reports whether nothing is known of a resource.
func blank(d *design.Declared) bool {
	return slices.ContainsFunc(d.Unknown, func(u resource.Unknown) bool { return u.Path == "properties" })
}
