package provider

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// tags reads the tags: tags_all are those of the provider too.
func (m *mapping) tags(typ *schema.Type) {
	v := m.r.Values["tags_all"]
	if hole, ok := v.(*Hole); ok && hole.Idle && !m.r.Tagged {
		v = nil // the provider adds none: they are those of the resource
	}
	if v == nil {
		v = m.r.Values["tags"]
	}
	v = m.withDefault(v, typ)
	if hole, ok := v.(*Hole); v == nil || ok && hole.Idle && m.r.New {
		return
	}
	m.now = Written{Block: m.r.Values, Key: "tags"}
	kind := kindOf(m.root.shape, typ.Tags)
	path := step(m.root.path, typ.Tags)
	switch tags := v.(type) {
	case *Hole:
		m.out.Unknown = append(m.out.Unknown, resource.Unknown{Path: "tags", Cause: tags.Cause})
		m.put(m.root, typ.Tags, tags, "tags")
	case map[string]any:
		m.out.Tags = map[string]string{}
		for k, v := range tags {
			m.tag(k, v)
		}
		if typ.Tags == "" {
			return
		}
		if kind != nil && (kind.Kind == schema.Map || kind.Kind == schema.JSON) {
			m.put(m.root, typ.Tags, tags, "tags")
			return
		}
		list := []any{}
		for _, k := range slices.Sorted(maps.Keys(tags)) {
			list = append(list, map[string]any{"Key": k, "Value": tags[k]})
		}
		m.put(m.root, typ.Tags, list, "tags")
	case []any: // awscc has CloudFormation's own list
		m.out.Tags = map[string]string{}
		for _, e := range tags {
			if pair, ok := e.(map[string]any); ok {
				if k, ok := first(pair["key"], pair["tag_key"]).(string); ok {
					m.tag(k, first(pair["value"], pair["tag_value"]))
				}
			}
		}
		if typ.Tags != "" {
			before := m.values
			m.put(m.root, typ.Tags, m.value(v, kind, "tags", path), "tags")
			m.values = before // they are counted above
		}
	}
}

// withDefault adds the tags of the provider, where a type has tags; those of the resource come first.
func (m *mapping) withDefault(v any, typ *schema.Type) any {
	if m.r.Default == nil || typ.Tags == "" {
		return v
	}
	if hole, ok := v.(*Hole); ok && !hole.Idle {
		return v
	}
	own, _ := v.(map[string]any)
	more, ok := m.r.Default.(map[string]any)
	if !ok {
		return m.r.Default // which there are besides its own is not known
	}
	all := maps.Clone(more)
	maps.Copy(all, own)
	return all
}

func (m *mapping) tag(k string, v any) {
	if hole, ok := v.(*Hole); ok {
		m.values.Unknown++
		m.out.Unknown = append(m.out.Unknown, resource.Unknown{Path: step("tags", k), Cause: hole.Cause})
		return
	}
	m.values.Read++
	text, _ := plain(v)
	m.out.Tags[k] = text
}

// finish takes the holes out, and finds the identifier.
func (x *room) finish() {
	if x.e == nil {
		return
	}
	seen := map[string]bool{}
	for _, u := range x.res.Unknown {
		seen[u.Path] = true
	}
	take := func(path string, h *Hole) {
		if !seen[path] {
			seen[path] = true
			x.res.Unknown = append(x.res.Unknown, resource.Unknown{Path: path, Cause: h.Cause})
			if h.Text != "" {
				if x.res.Partly == nil {
					x.res.Partly = map[string]string{}
				}
				x.res.Partly[path] = h.Text
			}
			for _, f := range h.From {
				x.res.Links = append(x.res.Links, Link{From: x.r.Address, Path: path, To: f.Address, Attribute: f.Attribute, Text: f.Text})
			}
		}
	}
	for name := range x.e.unset {
		if related, ok := strings.CutPrefix(name, "@"); ok && x.r.New {
			if _, there := x.rel[related]; !there {
				x.rel[related] = nil // it is new, and nothing of the plan gives it one
			}
		}
	}
	x.res.Properties, _ = harvest(x.to.in, "properties", take).(map[string]any)
	if len(x.rel) > 0 {
		x.res.Related, _ = harvest(x.rel, "related", take).(map[string]any)
	}
	x.res.ARN, _ = x.r.Values["arn"].(string)
	if len(x.typ.ID) == 1 {
		x.res.ID, _ = plain(x.res.Properties[x.typ.ID[0]])
	}
	if id, ok := x.r.Values["id"].(string); ok && x.res.ID == "" {
		x.res.ID = id
	}
}

// harvest gives a value without holes: nothing stands there in a map, and nil in a list, so that the others keep their places.
func harvest(v any, path string, take func(string, *Hole)) any {
	switch v := v.(type) {
	case *Hole:
		take(path, v)
		return nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			e := harvest(v[k], step(path, k), take)
			if _, hole := v[k].(*Hole); !hole {
				out[k] = e
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = harvest(e, item(path, i), take)
		}
		return out
	}
	return v
}
