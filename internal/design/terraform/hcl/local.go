package hcl

import (
	"errors"
	"fmt"
	"path"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

const maxRead = 1 << 20 // bytes of a file that a function reads

// filing are functions that read files, of those that lie in the folders that may be read.
func (l *loader) filing() map[string]function.Function {
	out := map[string]function.Function{
		"file": l.reading(func(data []byte) (cty.Value, error) {
			if !utf8.Valid(data) || symbolic(string(data)) {
				return cty.NilVal, errors.New("it is no text in UTF-8")
			}
			return cty.StringVal(string(data)), nil
		}),
		"fileexists": l.wrap(pure(1, cty.Bool, func(s []string) (cty.Value, error) {
			return cty.BoolVal(l.exists(path.Join(l.root, s[0]))), nil
		}), looks),
		"templatefile": l.wrap(function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}, *anything("vars")},
			Type:   function.StaticReturnType(cty.DynamicPseudoType),
			Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return l.rendered(args[0].AsString(), args[1]) },
		}), carries),
	}
	for name, f := range digests() {
		out["file"+name] = l.reading(func(data []byte) (cty.Value, error) { return cty.StringVal(f(data)), nil })
	}
	return out
}

// reading is a function of what a file has. A file that is not there is not known: it may be made before.
func (l *loader) reading(f func([]byte) (cty.Value, error)) function.Function {
	return l.wrap(pure(1, cty.DynamicPseudoType, func(s []string) (cty.Value, error) {
		data, why := l.local(s[0])
		if why != "" {
			return unknown("file("+s[0]+")", why), nil
		}
		return f(data)
	}), looks)
}

// local reads a file as seen from the folder that is read.
func (l *loader) local(name string) (data []byte, why string) {
	data, err := l.read(path.Join(l.root, name), maxRead)
	if err != nil || path.IsAbs(name) {
		return nil, "the file " + name + " is not among those that are read"
	}
	return data, ""
}

// rendered is a file as a template.
func (l *loader) rendered(name string, vars cty.Value) (cty.Value, error) {
	data, why := l.local(name)
	if why != "" {
		return unknown("templatefile("+name+")", why), nil
	}
	if !utf8.Valid(data) || symbolic(string(data)) {
		return cty.NilVal, errors.New("it is no text in UTF-8")
	}
	e := l.templates[name]
	if e == nil {
		parsed, err := template(data, name, hcl.InitialPos)
		if err != nil {
			return cty.NilVal, err
		}
		e = l.attribute(name, parsed, parsed.Range(), data).expr
		l.templates[name] = e
	}
	vars, marks := vars.Unmark()
	if !vars.IsKnown() {
		return cty.DynamicVal.WithMarks(marks), nil
	}
	if vars.IsNull() || !vars.Type().IsObjectType() && !vars.Type().IsMapType() {
		return cty.NilVal, errors.New("want a map of values")
	}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: l.functions}
	for it := vars.ElementIterator(); it.Next(); {
		k, v := it.Element()
		if !hclsyntax.ValidIdentifier(k.AsString()) {
			return cty.NilVal, fmt.Errorf("%q is no name", k.AsString())
		}
		ctx.Variables[k.AsString()] = v
	}
	if l.rendering++; l.rendering > 10 {
		return cty.NilVal, errors.New("templates use one another more than ten deep")
	}
	before := l.who
	l.who = fmt.Sprint(before, "\x00", name, "\x00", l.steps) // each call has its own values
	v, diags := e.Value(ctx)
	l.who = before
	l.rendering--
	if diags.HasErrors() {
		return cty.NilVal, errors.New(said(diags[0]))
	}
	return v.WithMarks(marks), nil
}
