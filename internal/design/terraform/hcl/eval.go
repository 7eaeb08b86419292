package hcl

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/design"
)

// eval works an expression out. What is wrong with it becomes a problem, once, and its value is not known then.
func (l *loader) eval(a *attr, where *spot) (v cty.Value) {
	place := placeOf(a.at)
	defer func() {
		if r := recover(); r != nil { // the library does so where a value is used as what it is not
			l.note(where.who, where.where, place, fmt.Sprintf("%s cannot be worked out: %v", a.name, r))
			v = unknown(a.name, "it cannot be worked out")
		}
	}()
	if l.steps++; l.steps > maxSteps {
		return unknown(a.name, "there is more to work out than the limit of what is read")
	}
	ctx := l.context(a.uses, where)
	who, home := l.who, l.home
	l.who, l.home = where.address+where.who, where.address
	v, diags := a.expr.Value(ctx)
	l.who, l.home = who, home
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		p := place
		if d.Subject != nil {
			p = placeOf(*d.Subject)
		}
		l.note(where.who, where.where, p, said(d))
		return unknown(a.name, "it cannot be worked out: "+said(d))
	}
	if v == cty.NilVal {
		return unknown(a.name, "it cannot be worked out")
	}
	if !measure(v) {
		l.note(where.who, where.where, place, a.name+" is too large to be read")
		return unknown(a.name, "it is too large to be read")
	}
	return v
}

// note adds a problem, once.
func (l *loader) note(who, where string, place design.Place, why string) {
	p := design.Problem{Name: who, Path: where, Place: place, Why: why}
	key := place.String() + "\x00" + why
	if l.noted[key] || len(l.noted) >= maxNotes {
		return
	}
	l.noted[key] = true
	l.problems = append(l.problems, p)
}

// context has what an expression names, and nothing else.
func (l *loader) context(uses []hcl.Traversal, where *spot) *hcl.EvalContext {
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: l.functions}
	tree := map[string]map[string]cty.Value{} // var, local and the like
	for _, t := range uses {
		root := t.RootName()
		put := func(name string, v cty.Value) {
			if tree[root] == nil {
				tree[root] = map[string]cty.Value{}
			}
			tree[root][name] = v
		}
		if v, ok := where.each[root]; ok {
			ctx.Variables[root] = v
			continue
		}
		second := step(t, 1)
		switch root {
		case "var":
			put(second, where.variable(second, t.SourceRange()))
		case "local":
			put(second, where.local(second, t.SourceRange()))
		case "path":
			ctx.Variables[root] = where.path()
		case "terraform", "tofu":
			ctx.Variables[root] = l.workspace()
		case "each", "count", "self":
			ctx.Variables[root] = unknown(root, root+" is not known here")
		case "module":
			put(second, l.merged(tree[root][second], where.moduleValue(second, t)))
		case "data":
			third := step(t, 2)
			key := second
			old := cty.NilVal
			if o := tree[root][key]; o != cty.NilVal && o.Type().IsObjectType() && o.Type().HasAttribute(third) {
				old = o.GetAttr(third)
			}
			one := l.merged(old, where.resourceValue("data", second, third, t, 3))
			put(key, l.merged(tree[root][key], cty.ObjectVal(map[string]cty.Value{third: one})))
		default:
			put(second, l.merged(tree[root][second], where.resourceValue("resource", root, second, t, 2)))
		}
	}
	for root, members := range tree {
		if _, ok := members[""]; ok { // the whole of it is named
			ctx.Variables[root] = unknown(root, "the whole of "+root+" is not worked out")
			continue
		}
		ctx.Variables[root] = cty.ObjectVal(members)
	}
	return ctx
}

// step is the name at one place of a path; empty when there is none.
func step(t hcl.Traversal, i int) string {
	if i >= len(t) {
		return ""
	}
	switch s := t[i].(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}

// merged joins what two references need of the same thing.
func (l *loader) merged(a, b cty.Value) cty.Value {
	if a == cty.NilVal || a.RawEquals(b) {
		return b
	}
	if a.IsMarked() || b.IsMarked() {
		return a
	}
	switch ta, tb := a.Type(), b.Type(); {
	case ta.IsObjectType() && tb.IsObjectType() && a.IsKnown() && b.IsKnown():
		all := map[string]cty.Value{}
		for it := a.ElementIterator(); it.Next(); {
			k, v := it.Element()
			all[k.AsString()] = v
		}
		for it := b.ElementIterator(); it.Next(); {
			k, v := it.Element()
			all[k.AsString()] = l.merged(all[k.AsString()], v)
		}
		return cty.ObjectVal(all)
	case ta.IsTupleType() && tb.IsTupleType() && a.IsKnown() && b.IsKnown() && a.LengthInt() == b.LengthInt():
		var all []cty.Value
		for i := range a.LengthInt() {
			k := cty.NumberIntVal(int64(i))
			all = append(all, l.merged(a.Index(k), b.Index(k)))
		}
		return cty.TupleVal(all)
	}
	return a
}

func (l *loader) workspace() cty.Value {
	v := unknown("terraform.workspace", "the workspace is not given")
	if l.o.Workspace != "" {
		v = cty.StringVal(l.o.Workspace)
	}
	return cty.ObjectVal(map[string]cty.Value{"workspace": v, "applying": unknown("terraform.applying", "it is known only when it is made")})
}

var _ hclsyntax.Expression = (*watched)(nil)
