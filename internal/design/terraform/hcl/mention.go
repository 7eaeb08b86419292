package hcl

import (
	"slices"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform/provider"
)

// mentions notes what a resource names of which nothing else is known: a group that it uses is in use.
func (l *loader) mentions(in *instance, doc *design.Document) {
	var seen []string
	note := func(path string, r provider.Ref) {
		if !slices.Contains(seen, r.Address) {
			seen = append(seen, r.Address)
			doc.Links = append(doc.Links, design.Link{From: in.name, Path: path, To: r.Address, Attribute: r.Attribute, Text: r.Text})
		}
	}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case *provider.Hole:
			for _, r := range v.From {
				note("", r)
			}
		case []any:
			for _, e := range v {
				visit(e)
			}
		case map[string]any:
			w := l.written[identity(v)]
			if w == nil {
				return
			}
			for _, name := range sortedKeys(w.refs) {
				for _, r := range w.refs[name] {
					note(name, r)
				}
			}
			for _, name := range sortedKeys(v) {
				visit(v[name])
			}
		}
	}
	visit(in.values(&in.b.body, in.spot, true))
}
