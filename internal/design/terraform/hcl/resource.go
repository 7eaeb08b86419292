package hcl

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// family is all that one block makes.
type family struct {
	form  shape
	names []repeated
	list  []*instance
}

// instance is one resource, or what one data source looks up.
type instance struct {
	*spot
	b       *block
	name    string // the whole address
	perhaps string
	memo    map[string]cty.Value
}

// meta are the attributes and blocks that Terraform keeps for itself.
func meta(name string) bool {
	return slices.Contains([]string{"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"}, name)
}

// family works out what a block makes, once.
func (s *scope) family(b *block) *family {
	own := strings.Join(b.labels, ".")
	if b.kind == "data" {
		own = "data." + own
	}
	if f := s.families[own]; f != nil {
		return f
	}
	key := s.address + own
	f := &family{}
	if s.l.busy[key] {
		s.l.note(own, "", placeOf(b.at), key+" is repeated for itself")
		f.names, f.form, _ = s.inDoubt(own, nil, nil)
		f.list = []*instance{{spot: s.here(), b: b, name: key, memo: map[string]cty.Value{}}}
		return f
	}
	s.l.busy[key] = true
	list, form, why := s.expand(b, key)
	delete(s.l.busy, key)
	f.names, f.form = list, form
	for _, r := range list {
		a := s.here()
		a.who, a.each = key+r.key, r.each
		in := &instance{spot: a, b: b, name: key + r.key, perhaps: why, memo: map[string]cty.Value{}}
		if in.perhaps == "" {
			in.perhaps = s.perhaps
		}
		f.list = append(f.list, in)
	}
	if b.kind == "resource" {
		s.l.made += len(list)
	}
	s.families[own] = f
	return f
}

// resourceValue is what a reference to a resource or data source sees: of its attributes those that are asked for.
func (s *scope) resourceValue(kind, typ, name string, t hcl.Traversal, i int) cty.Value {
	text := typ + "." + name
	if kind == "data" {
		text = "data." + text
	}
	if typ == "" || name == "" {
		return unknown(text, text+" is not one resource")
	}
	b := s.mod.resource(kind, typ, name)
	if b == nil {
		return s.absent(kind, text, t, i)
	}
	f := s.family(b)
	names := s.l.askedFor()
	one := wants(t, i)
	if one != "" {
		names = []string{one}
	}
	if f.form == doubtful {
		in := f.list[0]
		if i < len(t) && one != "" {
			if _, indexed := t[i].(hcl.TraverseIndex); !indexed {
				return cty.ObjectVal(map[string]cty.Value{one: in.value(one)})
			}
		}
		return cty.DynamicVal.Mark(in.origin(one))
	}
	values := make([]cty.Value, len(f.list))
	for j, in := range f.list {
		all := map[string]cty.Value{}
		for _, n := range names {
			all[n] = in.value(n)
		}
		if one == "" {
			for _, a := range in.b.attrs {
				if !meta(a.name) {
					all[a.name] = in.value(a.name)
				}
			}
		}
		values[j] = cty.ObjectVal(all)
	}
	return gathered(f.form, f.names, values)
}

// absent is a resource that stands nowhere: what it would give has its name nevertheless.
func (s *scope) absent(kind, text string, t hcl.Traversal, i int) cty.Value {
	v := s.missing(text, t.SourceRange())
	one := wants(t, i)
	if one == "" || step(t, i) != one {
		return v
	}
	o := origin{Text: s.address + text + "." + one, Cause: text + " stands nowhere in the text"}
	if kind == "resource" {
		o.Address, o.Attribute = s.address+text, one
	}
	if textual(one) {
		return cty.ObjectVal(map[string]cty.Value{one: s.l.symbolise(o.Text, o.Text, []origin{o})})
	}
	return cty.ObjectVal(map[string]cty.Value{one: cty.DynamicVal.Mark(o)})
}

// origin marks what comes from this resource.
func (in *instance) origin(attribute string) origin {
	text := in.name
	if attribute != "" {
		text += "." + attribute
	}
	if in.b.kind == "data" {
		return origin{Text: text, Cause: text + " is looked up when it is made"}
	}
	return origin{Address: in.name, Attribute: attribute, Text: text, Cause: text + " is known only after it is made"}
}

// value is an attribute as a reference sees it: what is written there, or something that only the making will tell.
func (in *instance) value(name string) cty.Value {
	if in.b.kind == "data" {
		if v, ok := in.looked(name); ok {
			return v
		}
	}
	if a := in.b.attr(name); a != nil && !meta(name) {
		v := in.attribute(a)
		if inner, _ := v.Unmark(); !inner.IsKnown() || !inner.IsNull() {
			if in.b.kind == "data" {
				return v
			}
			return v.Mark(in.origin(name))
		}
	}
	return in.later(name)
}

// later is an attribute that nobody writes.
func (in *instance) later(name string) cty.Value {
	o := in.origin(name)
	if textual(name) {
		return in.l.symbolise(o.Text, o.Text, []origin{o})
	}
	return cty.DynamicVal.Mark(o)
}

// textual reports whether an attribute that AWS gives is a text, by its name: without the provider nothing says so.
func textual(name string) bool {
	switch name {
	case "id", "arn", "name", "bucket", "url", "domain_name", "dns_name", "key_id", "json", "account_id", "region", "role", "rendered", "result", "hex":
		return true
	}
	return strings.HasSuffix(name, "_arn") || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_name") || strings.HasSuffix(name, "_url")
}

// attribute works out what is written for an attribute, once.
func (in *instance) attribute(a *attr) cty.Value {
	if v, ok := in.memo[a.name]; ok {
		return v
	}
	l, key := in.l, in.name+"\x00"+a.name
	if l.busy[key] {
		l.note(in.name, a.name, placeOf(a.at), in.name+"."+a.name+" is made of itself")
		return cty.DynamicVal.Mark(in.origin(a.name))
	}
	if len(l.busy) >= maxDepth {
		l.note(in.name, a.name, placeOf(a.at), in.name+"."+a.name+" refers through more than "+maxDepthText+" others")
		return cty.DynamicVal.Mark(in.origin(a.name))
	}
	l.busy[key] = true
	where := *in.spot
	where.where = a.name
	v := l.eval(a, &where)
	delete(l.busy, key)
	in.memo[a.name] = v
	return v
}
