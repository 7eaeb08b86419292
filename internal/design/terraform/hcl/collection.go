package hcl

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// free is a function of any values, whose type is that of its result.
func free(f func(args []cty.Value) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		VarParam: anything("args"),
		Type: func(args []cty.Value) (cty.Type, error) {
			v, err := f(args)
			if err != nil {
				return cty.NilType, err
			}
			return v.Type(), nil
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f(args) },
	})
}

func same() function.Function {
	return free(func(args []cty.Value) (cty.Value, error) {
		if len(args) != 1 {
			return cty.NilVal, errMany
		}
		return args[0], nil
	})
}

// coalesceFunc gives the first value that is neither null nor an empty text.
func coalesceFunc() function.Function {
	return free(func(args []cty.Value) (cty.Value, error) {
		marks := cty.ValueMarks{}
		for _, a := range args {
			v, more := a.Unmark()
			marks = joined(marks, more)
			if !v.IsKnown() {
				return cty.DynamicVal.WithMarks(marks), nil
			}
			if !v.IsNull() && (v.Type() != cty.String || v.AsString() != "") {
				return v.WithMarks(marks), nil
			}
		}
		return cty.NilVal, errors.New("no value is given")
	})
}

// lookupFunc gives an element of a map, or what is said otherwise.
func lookupFunc() function.Function {
	return free(func(args []cty.Value) (cty.Value, error) {
		if len(args) < 2 || len(args) > 3 {
			return cty.NilVal, errors.New("want two or three arguments")
		}
		m, marks := args[0].Unmark()
		k, more := args[1].Unmark()
		marks = joined(marks, more)
		key, err := convert.Convert(k, cty.String)
		switch {
		case err != nil:
			return cty.NilVal, err
		case !m.IsKnown() || !key.IsKnown() || !key.IsNull() && symbolic(key.AsString()):
			return cty.DynamicVal.WithMarks(marks), nil
		case m.IsNull() || key.IsNull() || !m.Type().IsMapType() && !m.Type().IsObjectType():
			return cty.NilVal, errors.New("want a map and a key")
		}
		for it := m.ElementIterator(); it.Next(); {
			if at, v := it.Element(); at.AsString() == key.AsString() {
				return v.WithMarks(marks), nil
			}
		}
		if len(args) == 2 {
			return cty.NilVal, errors.New("the map has no such key")
		}
		return args[2].WithMarks(marks), nil
	})
}

// oneFunc gives the only element, and null where there is none.
func oneFunc() function.Function {
	return free(func(args []cty.Value) (cty.Value, error) {
		if len(args) != 1 {
			return cty.NilVal, errMany
		}
		v, marks := args[0].Unmark()
		if !v.IsKnown() {
			return cty.DynamicVal.WithMarks(marks), nil
		}
		if v.IsNull() || !v.CanIterateElements() || v.LengthInt() > 1 {
			return cty.NilVal, errors.New("want none or one element")
		}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			return e.WithMarks(marks), nil
		}
		return cty.NullVal(cty.DynamicPseudoType).WithMarks(marks), nil
	})
}

// collecting are functions that go through a collection.
func collecting() map[string]function.Function {
	return map[string]function.Function{
		"length": free(func(args []cty.Value) (cty.Value, error) {
			if len(args) != 1 {
				return cty.NilVal, errMany
			}
			v, marks := args[0].Unmark()
			switch {
			case v.Type() == cty.String && v.IsKnown() && !v.IsNull():
				return cty.NumberIntVal(int64(len([]rune(v.AsString())))).WithMarks(marks), nil
			case v.Type().IsTupleType():
				return cty.NumberIntVal(int64(v.Type().Length())).WithMarks(marks), nil
			case !v.IsKnown():
				return cty.UnknownVal(cty.Number).WithMarks(marks), nil
			case v.IsNull() || !v.CanIterateElements():
				return cty.NilVal, errors.New("want a text or a collection")
			}
			return v.Length().WithMarks(marks), nil
		}),
		"sum":     fold(cty.Zero, func(a, b cty.Value) cty.Value { return a.Add(b) }, cty.Number),
		"alltrue": fold(cty.True, func(a, b cty.Value) cty.Value { return a.And(b) }, cty.Bool),
		"anytrue": fold(cty.False, func(a, b cty.Value) cty.Value { return a.Or(b) }, cty.Bool),
		"index": free(func(args []cty.Value) (cty.Value, error) {
			if len(args) != 2 {
				return cty.NilVal, errMany
			}
			list, marks := args[0].UnmarkDeep()
			what, more := args[1].UnmarkDeep()
			marks = joined(marks, more)
			if !list.IsWhollyKnown() || !what.IsWhollyKnown() {
				return cty.UnknownVal(cty.Number).WithMarks(marks), nil
			}
			if !list.IsNull() && list.CanIterateElements() {
				i := int64(0)
				for it := list.ElementIterator(); it.Next(); i++ {
					if _, e := it.Element(); e.RawEquals(what) {
						return cty.NumberIntVal(i).WithMarks(marks), nil
					}
				}
			}
			return cty.NilVal, errors.New("there is no such element")
		}),
	}
}

// fold goes through a collection of numbers or booleans.
func fold(start cty.Value, next func(a, b cty.Value) cty.Value, want cty.Type) function.Function {
	return free(func(args []cty.Value) (cty.Value, error) {
		if len(args) != 1 {
			return cty.NilVal, errMany
		}
		v, marks := args[0].UnmarkDeep()
		if !v.IsKnown() {
			return cty.UnknownVal(want).WithMarks(marks), nil
		}
		if v.IsNull() || !v.CanIterateElements() {
			return cty.NilVal, errors.New("want a collection")
		}
		out := start
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			e, err := convert.Convert(e, want)
			if err != nil {
				return cty.NilVal, err
			}
			if e.IsNull() {
				return cty.NilVal, errors.New("an element is null")
			}
			out = next(out, e)
		}
		return out.WithMarks(marks), nil
	})
}
