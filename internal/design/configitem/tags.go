package configitem

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/resource/schema"
)

// tags reads the tags: of the item, and otherwise of its configuration.
func (r *reading) tags() {
	found := false
	for _, n := range []*doc.Node{r.s.n.Get("tags"), r.configured()} {
		if n == nil || n.Kind == doc.Null {
			continue
		}
		found = true
		if leaves(n) > 0 {
			r.d.Tags = tagsOf(n)
			if r.d.Tags == nil {
				r.lack("tags", "the tags of the item are in a form that is not understood")
				return
			}
			break
		}
	}
	if !found {
		r.lack("tags", "the item does not say which tags there are")
		if r.typ.Tags != "" {
			r.lack("properties."+r.typ.Tags, "the item does not say which tags there are")
		}
		return
	}
	if r.d.Tags == nil {
		r.d.Tags = map[string]string{}
	}
	if m, ok := r.typ.Member(r.typ.Tags); ok && len(r.d.Tags) > 0 {
		r.d.Properties[r.typ.Tags] = shaped(r.d.Tags, m.Value)
	}
}

// configured are the tags in a configuration, under one of the names of its API.
func (r *reading) configured() *doc.Node {
	c := r.s.n.Get("configuration")
	if c != nil && c.Kind == doc.String {
		c = r.l.inner(c)
	}
	if c == nil {
		return nil
	}
	for _, p := range c.Pairs {
		for _, name := range []string{r.typ.Tags, "tags", "tagList", "tagSet"} {
			if name != "" && strings.EqualFold(p.Key.Text, name) {
				return p.Value
			}
		}
	}
	return nil
}

// tagsOf reads a map, or a list of keys and values; nil when it is neither.
func tagsOf(n *doc.Node) map[string]string {
	out := map[string]string{}
	for _, p := range n.Pairs {
		if p.Value.Kind == doc.Map || p.Value.Kind == doc.List {
			return nil
		}
		out[p.Key.Text] = p.Value.Text
	}
	for _, item := range n.Items {
		var key, value *doc.Node
		for _, p := range item.Pairs {
			switch strings.ToLower(p.Key.Text) {
			case "key", "tagkey":
				key = p.Value
			case "value", "tagvalue":
				value = p.Value
			}
		}
		if key == nil || value == nil {
			return nil
		}
		out[key.Text] = value.Text
	}
	return out
}

// shaped writes tags as the type has them: a list of keys and values in the order of the keys, or a map.
func shaped(tags map[string]string, want *schema.Value) any {
	if want.Kind == schema.List {
		out := []any{}
		for _, k := range slices.Sorted(maps.Keys(tags)) {
			out = append(out, map[string]any{"Key": k, "Value": tags[k]})
		}
		return out
	}
	out := map[string]any{}
	for k, v := range tags {
		out[k] = v
	}
	return out
}

// where says in which line a part is written, or the nearest part around it that is.
func (r *reading) where(path string) design.Place {
	if r.s.line > 0 {
		return r.d.Place
	}
	for path != "" {
		if n := r.places[path]; n != nil && n.File() == r.l.name {
			return design.Place{File: r.l.name, Line: n.Line, Col: n.Col}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return r.d.Place
}
