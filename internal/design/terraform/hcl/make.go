package hcl

import (
	"reflect"

	"jobzero/internal/design"
	"jobzero/internal/design/terraform"
	"jobzero/internal/design/terraform/provider"
)

// note of a block of values: where each of its attributes is written and what they come from. A block is known by its
// identity, so that each of several has its own.
type written struct {
	block  map[string]any // kept, so that no other has its identity
	places map[string]design.Place
	refs   map[string][]provider.Ref
}

func identity(block map[string]any) uintptr { return reflect.ValueOf(block).Pointer() }

// wanted makes of an instance what can be gathered.
func (in *instance) wanted() terraform.Wanted {
	l := in.l
	r := &provider.Resource{Address: in.name, Type: in.b.labels[0], New: true, Bare: true}
	r.Values = in.values(&in.b.body, in.spot, true)
	l.refused = l.refused || in.perhaps == "" && provider.Refuses(r)
	home := in.setup(in.b)
	r.Default = home.tags
	r.Exact = func(block map[string]any, key string) []provider.Ref {
		if w := l.written[identity(block)]; w != nil {
			return w.refs[key]
		}
		return nil
	}
	r.Refs = func(path string) provider.Refs { return in.refs(r.Values, path) }
	return terraform.Wanted{
		Resource: r, Place: placeOf(in.b.at), Text: "folder", Account: home.account, Region: home.region, Perhaps: in.perhaps,
		Where: func(block map[string]any, key string) (design.Place, bool) {
			if w := l.written[identity(block)]; w != nil {
				p, ok := w.places[key]
				return p, ok
			}
			return design.Place{}, false
		},
	}
}

// refs are where an attribute comes from, for what belongs to another resource.
func (in *instance) refs(values map[string]any, path string) (out provider.Refs) {
	out.Whole = true
	add := func(list []provider.Ref) {
		for _, r := range list {
			r.Text = ""
			if !contains(out.To, r) {
				out.To = append(out.To, r)
			}
		}
	}
	var known []provider.Ref
	if w := in.l.written[identity(values)]; w != nil {
		known = w.refs[path]
	}
	add(known)
	elements, ok := values[path].([]any)
	if !ok {
		elements = []any{values[path]}
	}
	for _, e := range elements {
		hole, unknown := e.(*provider.Hole)
		switch {
		case unknown:
			add(hole.From)
			out.Whole = out.Whole && len(hole.From) == 1 && hole.Text == ""
		case len(known) == 0 || len(elements) > 1:
			out.Whole = false
		}
	}
	out.Whole = out.Whole && len(out.To) > 0
	return out
}

// values are those of a block and the blocks in it.
func (in *instance) values(b *body, where *spot, top bool) map[string]any {
	l := in.l
	out := map[string]any{}
	w := &written{block: out, places: map[string]design.Place{}, refs: map[string][]provider.Ref{}}
	l.written[identity(out)] = w
	for _, x := range b.blocks {
		name := x.kind
		if top && meta(name) {
			continue
		}
		var list []any
		if name == "dynamic" && len(x.labels) == 1 {
			name = x.labels[0]
			list = in.dynamic(x, where)
		} else {
			list = []any{in.values(&x.body, where, false)}
		}
		if _, ok := w.places[name]; !ok {
			w.places[name] = placeOf(x.at)
		}
		old, _ := out[name].([]any)
		out[name] = append(old, list...)
	}
	for _, a := range b.attrs {
		if top && meta(a.name) {
			continue
		}
		var refs []provider.Ref
		if top {
			out[a.name] = l.plain(in.attribute(a), nil, &refs)
		} else {
			path := *where
			path.where = a.name
			out[a.name] = l.plain(l.eval(a, &path), nil, &refs)
		}
		w.places[a.name], w.refs[a.name] = placeOf(a.at), refs
	}
	return out
}

// dynamic are the blocks that a dynamic block makes; one that is not known where it is not known how many.
func (in *instance) dynamic(b *block, where *spot) (out []any) {
	l := in.l
	content, each := b.of("content"), b.attr("for_each")
	name := b.labels[0]
	if len(content) != 1 || each == nil {
		l.note(in.name, name, placeOf(b.at), "dynamic wants for_each and one block content")
		return []any{&provider.Hole{Cause: "the dynamic block has no for_each or no content"}}
	}
	iterator := name
	if a := b.attr("iterator"); a != nil {
		iterator = word(a, name)
	}
	v, marks := l.eval(each, where).Unmark()
	if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
		if in.l.steps += v.LengthInt() * 10; in.l.steps > maxSteps {
			return []any{&provider.Hole{Cause: "there is more to work out than the limit of what is read"}}
		}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if v.Type().IsSetType() {
				k = e
			}
			out = append(out, in.values(&content[0].body, where.with(iterator, pair(k, e)), false))
		}
		return out
	}
	if v.IsKnown() && v.IsNull() {
		return nil
	}
	from := originsOf(marks)
	return []any{&provider.Hole{Cause: "how many " + name + " there are is not known: " + cause(from), From: refsOf(from, "")}}
}
