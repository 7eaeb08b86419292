package provider

import (
	"slices"
	"strings"
)

// fold makes a resource a part of those that it belongs to. Where it cannot be known which they are, what it would set becomes
// unknown on all that it may belong to.
func (h *house) fold(x *room, e *entry) {
	if leaves(x.r.Values[e.by]) == 0 {
		return // one of several attributes, and not the one that is used
	}
	sure, perhaps := h.owners(x, e)
	if len(sure)+len(perhaps) == 0 {
		if x.res.Fate == Unknown {
			x.res.Fate = Outside
		}
		return
	}
	if x.res.Fate != Own {
		x.res.Fate = Folded
	}
	for _, o := range sure {
		x.res.Into = append(x.res.Into, o.r.Address)
		x.foldInto(o, e)
	}
	for _, o := range perhaps {
		x.res.Into = append(x.res.Into, o.r.Address)
		cause := x.r.Address + " may belong to it: which " + e.into + " it belongs to is not known"
		for _, name := range e.sets(x) {
			if related, ok := strings.CutPrefix(name, "@"); ok {
				o.rel[related] = &Hole{Cause: cause}
				continue
			}
			o.obscure(name, cause)
		}
	}
}

// sets are the properties that a fold may set; those related begin with @.
func (e *entry) sets(x *room) (out []string) {
	if e.at != "" {
		return []string{e.at}
	}
	note := func(r rule) {
		if len(r.target) == 0 {
			return
		}
		name := strings.TrimRight(r.target[0], "+[]")
		if r.from == '@' {
			name = "@" + name
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for at, list := range e.rules {
		for _, r := range list {
			if !strings.Contains(at, ".") || r.from == '/' || !e.has(at) {
				note(r)
			}
		}
	}
	for _, r := range e.always {
		note(r)
	}
	for name := range x.r.Values {
		if e.rules[name] == nil && !e.ignored[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// has reports whether the block of an attribute has a target of its own.
func (e *entry) has(at string) bool {
	i := strings.LastIndexByte(at, '.')
	for _, r := range e.rules[at[:i]] {
		if len(r.target) > 0 {
			return true
		}
	}
	return false
}

// foldInto sets what the resource sets.
func (x *room) foldInto(o *room, e *entry) {
	m := &mapping{e: e, every: open().every.ignored, r: x.r, root: o.to, related: o.rel, out: o.res}
	if e.at == "" {
		m.run(o.to)
	} else {
		at := item(step(o.to.path, e.at), known(o.to.in[e.at]))
		one := spot{in: map[string]any{}, shape: objectOf(kindOf(o.to.shape, e.at)), path: at}
		m.run(one)
		m.add(o.to, e.at, one.in, "")
	}
	if x.res.Fate != Own && len(x.res.Into) == 1 { // what it has counts once
		x.res.Left, x.res.Values = m.left, m.values
	}
}

func last(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// owners finds what a fold belongs to: what the text names, or else what has the same name.
func (h *house) owners(x *room, e *entry) (sure, perhaps []*room) {
	if x.r.Refs != nil {
		refs := x.r.Refs(e.by)
		var named []*room
		for _, r := range refs.To {
			if o := h.byName[r.Address]; o != nil && o.r.Type == e.into && o.e != nil && !slices.Contains(named, o) {
				named = append(named, o)
			}
		}
		switch {
		case len(named) == 1 && refs.Whole:
			return named, nil
		case len(named) > 0 && refs.Whole && allUnknown(x.r.Values[e.by]):
			return nil, named
		}
	}
	for _, v := range elements(x.r.Values[e.by]) {
		if _, ok := v.(*Hole); ok {
			return nil, h.all(e) // it may be any
		}
		sure = append(sure, h.called(e, v)...)
	}
	return sure, nil
}

func allUnknown(v any) bool {
	return !slices.ContainsFunc(elements(v), func(e any) bool { _, ok := e.(*Hole); return !ok })
}

func (h *house) all(e *entry) (out []*room) {
	for _, o := range h.rooms {
		if o.r.Type == e.into && o.e != nil {
			out = append(out, o)
		}
	}
	return out
}

// called finds those of a name.
func (h *house) called(e *entry, name any) (out []*room) {
	for _, o := range h.all(e) {
		for _, attribute := range e.same {
			if v := o.r.Values[attribute]; v == name && v != nil && v != "" {
				out = append(out, o)
				break
			}
		}
	}
	return out
}
