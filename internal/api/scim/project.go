package scim

import "strings"

// wanted is which attributes a caller wants (RFC 7644, 3.9): only some, or all but some.
type wanted struct {
	only, without []path
}

// wantedOf reads the two parameters. What no schema has is neither wanted nor not: another version of the caller may know more than we.
func (s *shape) wantedOf(only, without string) (wanted, error) {
	if only != "" && without != "" {
		return wanted{}, bad(invalidValue, "attributes and excludedAttributes exclude each other")
	}
	return wanted{s.places(only), s.places(without)}, nil
}

func (s *shape) places(list string) (out []path) {
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if p, err := s.pathOf(name); err == nil && p.where == nil {
			out = append(out, p)
		}
	}
	return out
}

// wants reports whether an attribute of the core is answered, as a whole or in part.
func (w wanted) wants(name string) bool {
	for _, p := range w.without {
		if p.is(name) && p.sub == nil {
			return false
		}
	}
	for _, p := range w.only {
		if p.is(name) {
			return true
		}
	}
	return len(w.only) == 0
}

// project leaves what the caller wants, and what is answered always.
func (s *shape) project(res map[string]any, w wanted) map[string]any {
	if len(w.only) == 0 {
		for _, p := range w.without {
			p.leave(res)
		}
		return res
	}
	out := map[string]any{}
	for _, a := range s.core.attributes {
		if v, ok := res[a.name]; ok && a.always {
			out[a.name] = v
		}
	}
	for _, p := range w.only {
		p.copy(out, res)
	}
	return out
}

// leave takes a place out of a resource, unless it is answered always.
func (p path) leave(res map[string]any) {
	switch {
	case p.attr == nil:
		delete(res, p.urn)
	case p.attr.always:
	case p.sub == nil:
		delete(p.holder(res), p.attr.name)
	default:
		for _, v := range p.elements(res) {
			if m, ok := v.(map[string]any); ok {
				delete(m, p.sub.name)
			}
		}
	}
}

// copy takes a place over from a resource.
func (p path) copy(out, res map[string]any) {
	if p.attr == nil {
		if v, ok := res[p.urn]; ok {
			out[p.urn] = v
		}
		return
	}
	v, ok := p.holder(res)[p.attr.name]
	if !ok {
		return
	}
	if p.sub == nil {
		put(out, p.urn, p.attr.name, v)
		return
	}
	if !p.attr.multi {
		one, _ := v.(map[string]any)
		had, _ := p.holder(out)[p.attr.name].(map[string]any)
		if had == nil {
			had = map[string]any{}
		}
		if x, ok := one[p.sub.name]; ok {
			had[p.sub.name] = x
			put(out, p.urn, p.attr.name, had)
		}
		return
	}
	list, _ := v.([]any)
	had, _ := p.holder(out)[p.attr.name].([]any)
	if had == nil {
		for range list {
			had = append(had, map[string]any{})
		}
	}
	for i, x := range list {
		from, _ := x.(map[string]any)
		to, ok := had[i].(map[string]any)
		if y, has := from[p.sub.name]; ok && has {
			to[p.sub.name] = y
		}
	}
	put(out, p.urn, p.attr.name, had)
}
