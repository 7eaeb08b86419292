package hcl

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"jobzero/internal/design"
)

// scope is a module as one call uses it.
type scope struct {
	l        *loader
	mod      *module
	address  string // module.shop["eu"]. with a dot at its end; empty for the folder itself
	parent   *scope
	call     *block
	from     *spot // of the call
	depth    int
	perhaps  string               // why it is not known whether it is used
	given    map[string]cty.Value // of the folder itself
	values   map[string]cty.Value // of variables, locals and outputs, when they are known
	families map[string]*family
	uses     map[string]*used
	setups   map[string]*setup // of providers, by their name in this module, such as aws.west
	alone    bool              // one file of a folder: what it names may stand in another
}

// spot is where an expression stands: the module, and what each and count mean there.
type spot struct {
	*scope
	who   string // the resource, for people; empty for none
	each  map[string]cty.Value
	where string // the path in it
}

func (s *scope) here() *spot { return &spot{scope: s} }

// with is the same with more names.
func (a *spot) with(name string, v cty.Value) *spot {
	out := *a
	out.each = map[string]cty.Value{name: v}
	for k, e := range a.each {
		if k != name {
			out.each[k] = e
		}
	}
	return &out
}

func placeOf(r hcl.Range) design.Place {
	return design.Place{File: r.Filename, Line: r.Start.Line, Col: r.Start.Column}
}

// unknown is a value that is not known, with its name and why.
func unknown(text, why string) cty.Value {
	return cty.DynamicVal.Mark(origin{Text: text, Cause: why})
}

// once works a value out when it is asked for first; what asks for itself is an error.
func (s *scope) once(name string, place hcl.Range, work func() cty.Value) cty.Value {
	if v, ok := s.values[name]; ok {
		return v
	}
	l := s.l
	key := s.address + name
	if l.busy[key] {
		l.note("", "", placeOf(place), key+" is made of itself")
		return unknown(name, name+" is made of itself")
	}
	if len(l.busy) >= maxDepth {
		l.note("", "", placeOf(place), key+" refers through more than "+maxDepthText+" others")
		return unknown(name, name+" refers through too many others")
	}
	l.busy[key] = true
	v := work()
	delete(l.busy, key)
	if !measure(v) {
		l.note("", "", placeOf(place), key+" is too large to be read")
		v = unknown(name, name+" is too large to be read")
	}
	s.values[name] = v
	return v
}

const maxDepthText = "500"

// missing is a name that stands nowhere.
func (s *scope) missing(name string, where hcl.Range) cty.Value {
	if !s.l.broken && !s.alone {
		s.l.note("", "", placeOf(where), name+" stands nowhere in this module")
	}
	return unknown(name, name+" stands nowhere in the text")
}

func (s *scope) local(name string, where hcl.Range) cty.Value {
	a := s.mod.locals[name]
	if a == nil {
		return s.missing("local."+name, where)
	}
	return s.once("local."+name, a.at, func() cty.Value { return s.l.eval(a, s.here()) })
}

func (s *scope) variable(name string, where hcl.Range) cty.Value {
	b := s.mod.variables[name]
	if b == nil {
		return s.missing("var."+name, where)
	}
	return s.once("var."+name, b.at, func() cty.Value { return s.variableOf(name, b) })
}

// variableOf is what a variable is given, or else its default, in the type that it has.
func (s *scope) variableOf(name string, b *block) cty.Value {
	want, defaults := cty.DynamicPseudoType, (*typeexpr.Defaults)(nil)
	if a := b.attr("type"); a != nil {
		want, defaults = s.l.typeOf(a)
	}
	v, ok := s.given[name]
	if s.call != nil {
		if a := s.call.attr(name); a != nil {
			v, ok = s.l.eval(a, s.from), true
		}
	}
	if d := b.attr("default"); !ok && d != nil {
		v, ok = s.l.eval(d, s.here()), true
	}
	if !ok {
		cause := "the variable " + name + " has no value"
		if s.address != "" {
			cause += " in " + strings.TrimSuffix(s.address, ".")
		}
		from := []origin{{Text: "var." + name, Cause: cause}}
		if want == cty.String {
			return s.l.symbolise(s.address+"var."+name, "var."+name, from)
		}
		return cty.UnknownVal(want).WithMarks(marksOf(from))
	}
	if want == cty.DynamicPseudoType {
		return v
	}
	out, err := s.l.convert(v, want, defaults)
	if err != nil {
		s.l.note("", "", placeOf(b.at), "var."+name+" does not have the type that it is said to have: "+err.Error())
		return unknown("var."+name, "the value of the variable "+name+" is of another type")
	}
	return out
}

// convert gives a value a type.
func (l *loader) convert(v cty.Value, want cty.Type, defaults *typeexpr.Defaults) (cty.Value, error) {
	if defaults != nil && !v.IsNull() {
		if inner, marks := v.Unmark(); inner.IsKnown() {
			v = defaults.Apply(inner).WithMarks(marks)
		}
	}
	out, err := convert.Convert(v, want)
	if err != nil && has(v) {
		return convert.Convert(l.harden(v), want)
	}
	return out, err
}

// typeOf reads what a variable's type is said to be; old texts have it in quotes.
func (l *loader) typeOf(a *attr) (cty.Type, *typeexpr.Defaults) {
	if v, diags := a.expr.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		switch v.AsString() {
		case "string":
			return cty.String, nil
		case "list":
			return cty.List(cty.DynamicPseudoType), nil
		case "map":
			return cty.Map(cty.DynamicPseudoType), nil
		}
		return cty.DynamicPseudoType, nil
	}
	want, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.expr)
	if diags.HasErrors() {
		l.note("", "", placeOf(a.at), said(diags[0]))
		return cty.DynamicPseudoType, nil
	}
	return want, defaults
}

// output is what a module gives.
func (s *scope) output(name string, where hcl.Range) cty.Value {
	b := s.mod.outputs[name]
	if b == nil {
		return s.missing(s.address+name, where)
	}
	return s.once("output."+name, b.at, func() cty.Value {
		if a := b.attr("value"); a != nil {
			return s.l.eval(a, s.here())
		}
		return cty.NullVal(cty.DynamicPseudoType)
	})
}

// path gives path.module and path.root, as seen from the folder that is read.
func (s *scope) path() cty.Value {
	own := s.mod.folder
	if rel, ok := strings.CutPrefix(own, s.l.root+"/"); ok {
		own = rel
	} else if own == s.l.root {
		own = "."
	} else if s.l.root != "." {
		own = path.Join(strings.Repeat("../", len(strings.Split(s.l.root, "/"))), own)
	}
	return cty.ObjectVal(map[string]cty.Value{
		"module": cty.StringVal(own), "root": cty.StringVal("."), "cwd": unknown("path.cwd", "where it is run from is not known"),
	})
}
