package scim

import "strings"

// path is a place in a resource (RFC 7644, 3.5.2): an attribute, perhaps only those of its values that a filter picks, perhaps a part of
// it. Without an attribute it is a whole extension.
type path struct {
	urn   string      // of an extension; empty: the core
	whole []attribute // of the extension
	attr  *attribute
	where *node
	sub   *attribute
}

// pathOf reads a path.
func (s *shape) pathOf(text string) (path, error) {
	p := &parser{text: text, shape: s, kind: invalidPath}
	out, err := p.path(nil)
	if err != nil {
		return path{}, err
	}
	if p.space(); p.at < len(p.text) {
		return path{}, p.fail("%q follows the path", p.rest())
	}
	return out, nil
}

// holder is the map that has the attribute: the resource, or one of its extensions. It is nil where there is none.
func (p path) holder(res map[string]any) map[string]any {
	if p.urn == "" {
		return res
	}
	m, _ := res[p.urn].(map[string]any)
	return m
}

// elements are the values of the attribute, each once, without looking at the part.
func (p path) elements(res map[string]any) []any {
	v, ok := p.holder(res)[p.attr.name]
	if !ok || v == nil {
		return nil
	}
	all := []any{v}
	if list, is := v.([]any); is {
		all = list
	}
	if p.where == nil {
		return all
	}
	var out []any
	for _, v := range all {
		if m, ok := v.(map[string]any); ok && p.where.matches(m) {
			out = append(out, v)
		}
	}
	return out
}

// values are what a filter compares: the part, or of something with parts its value.
func (p path) values(res map[string]any) []any {
	var out []any
	for _, v := range p.elements(res) {
		m, ok := v.(map[string]any)
		switch {
		case !ok:
			out = append(out, v)
		case p.leaf() != nil && m[p.leaf().name] != nil:
			out = append(out, m[p.leaf().name])
		}
	}
	return out
}

// leaf is the attribute whose value is compared, nil when the place has only parts.
func (p path) leaf() *attribute {
	switch {
	case p.sub != nil:
		return p.sub
	case p.attr.kind == complexes:
		return named(p.attr.sub, "value")
	}
	return p.attr
}

// is reports whether the path is an attribute of the core as a whole.
func (p path) is(name string) bool {
	return p.urn == "" && p.attr != nil && p.attr.name == name && p.where == nil
}

// String writes the path for people.
func (p path) String() string {
	out := p.urn
	if p.attr != nil {
		if out != "" {
			out += ":"
		}
		out += p.attr.name
	}
	if p.where != nil {
		out += "[…]"
	}
	if p.sub != nil {
		out += "." + p.sub.name
	}
	return out
}

// part splits the name of an attribute from that of its part.
func part(word string) (name, sub string) {
	name, sub, _ = strings.Cut(word, ".")
	return name, sub
}
