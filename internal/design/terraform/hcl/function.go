package hcl

import (
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// kind is how a function treats texts with symbols.
type kind int

const (
	looks   kind = iota // it looks into texts: what has a symbol is unknown to it
	carries             // it hands values on as they are
	builds              // it puts texts together: what is unknown becomes a symbol
)

// table has the functions, as developer.hashicorp.com/terraform/language/functions has them.
func (l *loader) table() map[string]function.Function {
	out := map[string]function.Function{"try": tryfunc.TryFunc, "can": tryfunc.CanFunc}
	for name, f := range looking() {
		out[name] = l.wrap(f, looks)
	}
	for name, f := range carrying() {
		out[name] = l.wrap(f, carries)
	}
	for name, f := range building() {
		out[name] = l.wrap(f, builds)
	}
	for name, f := range l.filing() {
		out[name] = f
	}
	for _, name := range outside() {
		out[name] = l.never(name)
	}
	return out
}

// outside are those whose result is not in any text, or is of no use here.
func outside() []string {
	return []string{
		"timestamp", "plantimestamp", "uuid", "uuidv5", "bcrypt", "rsadecrypt", "base64gzip", "abspath", "pathexpand", "textencodebase64",
		"textdecodebase64", "fileset", "templatestring", "type", "provider::aws::arn_parse", "provider::aws::arn_build",
		"provider::aws::trim_iam_role_path", "matchkeys", "transpose",
	}
}

// never is a function whose result is not known.
func (l *loader) never(name string) function.Function {
	result := func(args []cty.Value) cty.Value {
		marks := cty.ValueMarks{origin{Text: name + "(…)", Cause: name + " gives what is known only when it is made"}: {}}
		for _, a := range args {
			if !a.ContainsMarked() {
				continue
			}
			_, more := a.UnmarkDeep()
			for m := range more {
				marks[m] = struct{}{}
			}
		}
		return cty.DynamicVal.WithMarks(marks)
	}
	return function.New(&function.Spec{
		VarParam: anything("args"),
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return result(args), nil },
	})
}

func anything(name string) *function.Parameter {
	return &function.Parameter{
		Name: name, Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
	}
}

// wrap gives a function its arguments as it may see them, and keeps what it makes to a size.
func (l *loader) wrap(f function.Function, how kind) function.Function {
	var last cty.Value // of the question for the type, which always comes before that for the value
	call := func(args []cty.Value) (cty.Value, error) {
		if l.steps++; l.steps > maxSteps {
			return cty.NilVal, errTooLarge
		}
		given := make([]cty.Value, len(args))
		for i, a := range args {
			if sizeOf(a) > maxWide {
				return cty.NilVal, errTooLarge
			}
			switch how {
			case looks:
				a = l.harden(a)
			case builds:
				a = l.soften(a)
			case carries:
			}
			var err error
			if given[i], err = convertTo(f, i, a); err != nil {
				if how == looks || !has(a) {
					return cty.NilVal, function.NewArgError(i, err)
				}
				if given[i], err = convertTo(f, i, l.harden(a)); err != nil {
					return cty.NilVal, function.NewArgError(i, err)
				}
			}
		}
		v, err := f.Call(given)
		if err != nil {
			return v, err
		}
		if !measure(v) {
			return cty.NilVal, errTooLarge
		}
		return v, nil
	}
	return function.New(&function.Spec{
		VarParam: anything("args"),
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := call(args)
			if err != nil {
				return cty.NilType, err
			}
			last = v
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if v := last; v != cty.NilVal {
				last = cty.NilVal
				return v, nil
			}
			return call(args)
		},
	})
}

var errMany = errors.New("too many arguments")

// convertTo gives an argument the type that its parameter has.
func convertTo(f function.Function, i int, v cty.Value) (cty.Value, error) {
	p := f.VarParam()
	if list := f.Params(); i < len(list) {
		p = &list[i]
	}
	if p == nil {
		return v, errMany
	}
	if p.Type == cty.DynamicPseudoType {
		return v, nil
	}
	return convert.Convert(v, p.Type)
}

// limited is a function that is asked before whether what it makes is too large.
func limited(f function.Function, large func(args []cty.Value) bool) function.Function {
	params := slices.Clone(f.Params())
	return function.New(&function.Spec{
		Params: params, VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if large(args) {
				return cty.NilType, errTooLarge
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if large(args) {
				return cty.NilVal, errTooLarge
			}
			return f.Call(args)
		},
	})
}
