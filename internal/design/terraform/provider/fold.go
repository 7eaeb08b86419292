package provider

import (
	"slices"
	"strings"

	"jobzero/internal/resource/schema"
)

// claim is a fold and what it belongs to.
type claim struct {
	x             *room
	e             *entry
	sure, perhaps []*room
	done          map[*room]map[*entry]bool // what is unknown for this reason already
	named         *room                     // the only one that the text names, beside what cannot be followed
}

// folds makes resources parts of those that they belong to. Those that are sure come first: what has a part of its own cannot
// be what another one belongs to.
func (h *house) folds() {
	var doubtful []claim
	taken, done := map[*room]map[*entry]bool{}, map[*room]map[*entry]bool{}
	for _, x := range h.rooms {
		claims := h.claims(x)
		for _, c := range claims {
			if len(c.perhaps) > 0 {
				doubtful = append(doubtful, c)
				continue
			}
			c.settle()
			for _, o := range c.sure {
				if taken[o] == nil {
					taken[o] = map[*entry]bool{}
				}
				taken[o][c.e] = true
			}
		}
		if len(claims) == 0 && len(open().folds[x.r.Type]) > 0 {
			x.outside()
		}
	}
	for _, c := range doubtful {
		c.done = done
		if c.e.single() {
			c.perhaps = slices.DeleteFunc(slices.Clone(c.perhaps), func(o *room) bool { return taken[o][c.e] })
			if made := made(c.perhaps); len(made) == 1 && made[0] == c.named {
				c.sure, c.perhaps = made, nil // see made
			}
		}
		c.settle()
	}
}

// claims are the folds of a resource. Those that are sure come first: one that has somewhere to belong to is no resource of its own
// as well, whatever else it names.
func (h *house) claims(x *room) (out []claim) {
	for _, e := range open().folds[x.r.Type] {
		if leaves(x.r.Values[e.by]) == 0 && !x.r.Blank {
			continue // one of several attributes, and not the one that is used
		}
		out = append(out, h.owners(x, e))
	}
	slices.SortStableFunc(out, func(a, b claim) int { return min(len(b.sure), 1) - min(len(a.sure), 1) })
	return out
}

// made are those that the plan makes. A value that only the making will tell comes from one of them, so that the one that the
// text names is meant when there is no other.
func made(list []*room) []*room {
	return slices.DeleteFunc(slices.Clone(list), func(o *room) bool { return !o.r.New })
}

// single reports whether a resource has one such part at most.
func (e *entry) single() bool {
	if e.at != "" {
		return false
	}
	for _, list := range e.rules {
		for _, r := range list {
			if n := len(r.target); n > 0 && strings.HasSuffix(r.target[n-1], "+") {
				return false
			}
		}
	}
	return true
}

const maxNamed = 20 // candidates that are named where a fold may belong to many

// first reports whether a candidate has not been made unknown for the same reason before, and remembers it.
func (c claim) first(o *room) bool {
	if c.done[o] == nil {
		c.done[o] = map[*entry]bool{}
	}
	before := c.done[o][c.e]
	c.done[o][c.e] = true
	return !before
}

// settle fills what a fold belongs to. Where it cannot be known what that is, what it would set becomes unknown on all that it
// may belong to.
func (c claim) settle() {
	x, e, sure, perhaps := c.x, c.e, c.sure, c.perhaps
	if len(sure) == 0 {
		x.outside()
	}
	if len(sure)+len(perhaps) == 0 {
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
		if len(x.res.Into) < maxNamed {
			x.res.Into = append(x.res.Into, o.r.Address)
		}
		if !c.first(o) {
			continue
		}
		cause := x.r.Address + " may belong to it: which " + e.into + " it belongs to is not known"
		for _, name := range e.sets(x, o.to.shape) {
			if related, ok := strings.CutPrefix(name, "@"); ok {
				o.rel[related] = &Hole{Cause: cause}
				continue
			}
			o.obscure(name, cause)
		}
	}
}

// sets are the properties that a fold may set; those related begin with @.
func (e *entry) sets(x *room, shape *schema.Shape) (out []string) {
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
			if !strings.Contains(at, ".") || r.from == '/' || e.flat(at) {
				note(r)
			}
		}
	}
	for _, r := range e.always {
		note(r)
	}
	m := mapping{e: e}
	for name, v := range x.r.Values {
		if e.rules[name] != nil || e.ignored[name] {
			continue
		}
		if member := m.member(shape, name, v); member != nil {
			out = append(out, member.Name)
		}
	}
	slices.Sort(out)
	return out
}

// flat reports whether the block of an attribute has nothing of its own, so that its attributes belong to what it stands in.
func (e *entry) flat(at string) bool {
	rules := e.rules[at[:strings.LastIndexByte(at, '.')]]
	return len(rules) > 0 && !slices.ContainsFunc(rules, func(r rule) bool { return len(r.target) > 0 })
}

// foldInto sets what the resource sets.
func (x *room) foldInto(o *room, e *entry) {
	if x.res.Fate != Own {
		e.complete(x.r)
	}
	m := &mapping{e: e, every: open().every.ignored, r: x.r, root: o.to, related: o.rel, out: o.res, home: o.r.Address, folds: true}
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
func (h *house) owners(x *room, e *entry) claim {
	c := claim{x: x, e: e}
	if x.r.Blank {
		c.perhaps = h.all(e)
		return c
	}
	var refs Refs
	if x.r.Refs != nil {
		refs = x.r.Refs(e.by)
	}
	if refs.Whole && h.others(refs.To, e) {
		return c
	}
	named, alone := h.among(refs.To, e)
	refs.Whole = refs.Whole && alone
	if !refs.Whole && refs.Closed && allUnknown(x.r.Values[e.by]) {
		if named, alone = h.among(append(slices.Clip(refs.To), refs.Reach...), e); alone && len(named) > 0 {
			refs.Whole = true
		}
	}
	if len(named) == 1 {
		c.named = named[0]
	}
	switch {
	case len(named) == 1 && refs.Whole:
		c.sure = named
		return c
	case len(named) > 0 && refs.Whole && allUnknown(x.r.Values[e.by]):
		c.perhaps = named
		return c
	}
	for _, v := range elements(x.r.Values[e.by]) {
		if hole, ok := v.(*Hole); ok {
			if o, sure := h.exactly(hole, e); sure {
				c.sure = append(c.sure, o...)
				continue
			}
			if same := h.called(e, v); len(same) > 0 {
				c.sure = append(c.sure, same...)
				continue
			}
			c.sure, c.perhaps = nil, h.all(e) // it may be any
			return c
		}
		c.sure = append(c.sure, h.called(e, v)...)
	}
	return c
}

// exactly is the one resource that a value comes from and nothing else; none when it is of no text here.
func (h *house) exactly(hole *Hole, e *entry) (owner []*room, sure bool) {
	if len(hole.From) != 1 || hole.Text != "" {
		return nil, false
	}
	o := h.byAddress[hole.From[0].Address]
	switch {
	case o == nil && strings.Contains("."+hole.From[0].Address, "."+e.into+"."):
		return nil, true
	case o != nil && o.r.Type == e.into && o.e != nil:
		return []*room{o}, true
	}
	return nil, h.others(hole.From, e)
}

// others reports whether all that is named is the identity of resources of other types: what is so named is none of the kind.
func (h *house) others(refs []Ref, e *entry) bool {
	return len(refs) > 0 && !slices.ContainsFunc(refs, func(r Ref) bool {
		o := h.byAddress[r.Address]
		return r.Attribute != "id" || o == nil || o.e == nil || o.r.Type == e.into || open().folds[o.r.Type] != nil
	})
}

// among are the resources of the kind that a fold belongs to; alone says that there is nothing else than parts of such.
func (h *house) among(refs []Ref, e *entry) (named []*room, alone bool) {
	alone = true
	for _, r := range refs {
		o := h.byAddress[r.Address]
		switch {
		case o != nil && o.r.Type == e.into && o.e != nil:
			if !slices.Contains(named, o) {
				named = append(named, o)
			}
		case o == nil || !slices.ContainsFunc(open().folds[o.r.Type], func(f *entry) bool { return f.into == e.into }):
			alone = false
		}
	}
	return named, alone
}

func allUnknown(v any) bool {
	return !slices.ContainsFunc(elements(v), func(e any) bool { _, ok := e.(*Hole); return !ok })
}

// identity is a value that names a resource.
type identity struct {
	kind, attribute string
	value           any
}

func (h *house) all(e *entry) []*room { return h.byKind[e.into] }

// called finds those of a name.
func (h *house) called(e *entry, name any) (out []*room) {
	text := identified(name)
	if text == "" {
		return nil
	}
	for _, attribute := range e.same {
		for _, o := range h.byName[identity{e.into, attribute, text}] {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// identities are the attributes that folds name a resource by.
func identities() []string {
	return []string{"id", "arn", "name", "bucket", "key_id", "url", "stage_name", "domain_name", "cluster_identifier", "identifier", "zone_id"}
}

// identified is a text that names a resource: the name, or the word for one that is not known.
func identified(v any) string {
	if hole, ok := v.(*Hole); ok {
		if hole.Same == "" {
			return ""
		}
		return "\x00" + hole.Same
	}
	text, _ := v.(string)
	return text
}

// know notes what a resource is called.
func (h *house) know(x *room) {
	h.byAddress[x.r.Address] = x
	if x.e == nil {
		return
	}
	h.byKind[x.r.Type] = append(h.byKind[x.r.Type], x)
	for _, attribute := range identities() {
		if v := identified(x.r.Values[attribute]); v != "" {
			key := identity{x.r.Type, attribute, v}
			h.byName[key] = append(h.byName[key], x)
		}
	}
}
