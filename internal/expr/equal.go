package expr

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// CEL compares lists and maps as if every value in them were known, and takes a gap for whatever it is compared with. Here a
// comparison that a gap could turn gives the gap.

// careful replaces the operators that look into lists and maps, and has().
func careful(tree *ast.AST) func(interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	tests, parts := map[int64]string{}, map[int64]bool{}
	for _, e := range ast.MatchDescendants(ast.NavigateAST(tree), ast.AllMatcher()) {
		if e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
			tests[e.ID()] = e.AsSelect().FieldName()
		}
		parts[e.ID()] = isPart(e)
	}
	return func(node interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		if field, ok := tests[node.ID()]; ok {
			return &testing{node, field}, nil
		}
		return carefully(node, parts)
	}
}

// isPart reports whether an expression is a part of the input, a default for it included.
func isPart(e ast.Expr) bool {
	switch e.Kind() {
	case ast.IdentKind:
		return true
	case ast.SelectKind:
		return isPart(e.AsSelect().Operand())
	case ast.CallKind:
		switch call := e.AsCall(); call.FunctionName() {
		case "orValue":
			return isPart(call.Target())
		case operators.Index, operators.OptIndex, operators.OptSelect:
			return isPart(call.Args()[0])
		}
	case ast.UnspecifiedExprKind, ast.ComprehensionKind, ast.ListKind, ast.LiteralKind, ast.MapKind, ast.StructKind:
	}
	return false
}

func carefully(node interpreter.InterpretableV2, parts map[int64]bool) (interpreter.InterpretableV2, error) {
	call, ok := node.(interpreter.InterpretableCall)
	if !ok {
		return node, nil
	}
	switch call.Function() {
	case operators.Equals, operators.NotEquals, operators.In:
		return &comparison{call, parts[call.Args()[0].ID()], parts[call.Args()[1].ID()]}, nil
	case "size":
		return &sizing{call}, nil
	}
	return node, nil
}

// sizing is size() of anything.
type sizing struct{ interpreter.InterpretableCall }

// Exec gives the gaps of a map that has some.
func (s *sizing) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	of := s.Args()[0].Exec(frame)
	var out ref.Val
	switch of := of.(type) {
	case *types.Err, *types.Unknown:
		return of
	case *holed:
		out = of.Size()
		if doubt := of.doubt(); doubt != nil {
			out = doubt
		}
	case traits.Sizer:
		out = of.Size()
		if list, ok := of.(traits.Lister); ok {
			if more := open(list); more != nil {
				out = more
			}
		}
	default:
		return types.MaybeNoSuchOverloadErr(of)
	}
	if costs := frame.CostTracker(); costs != nil {
		costs.EvalUnary(frame, s.ID(), s.InterpretableCall, of, out)
	}
	return out
}

// Eval implements what came before Exec.
func (s *sizing) Eval(ctx interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(ctx, s.Exec)
}

// comparison is ==, != or in.
type comparison struct {
	interpreter.InterpretableCall
	left, right bool // which of the two is a part of the input
}

// Exec compares.
func (c *comparison) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	left := c.Args()[0].Exec(frame)
	if types.IsError(left) {
		return left
	}
	right := c.Args()[1].Exec(frame)
	if types.IsError(right) {
		return right
	}
	var out ref.Val
	switch c.Function() {
	case operators.In:
		out = within(left, right)
	case operators.NotEquals:
		out = negated(c.equal(left, right))
	default:
		out = c.equal(left, right)
	}
	if costs := frame.CostTracker(); costs != nil {
		costs.EvalBinary(frame, c.ID(), c.InterpretableCall, left, right, out)
	}
	return out
}

// equal takes into account that a value is there for certain, or is not empty, although it is not known. What a function made of
// such a value may be empty.
func (c *comparison) equal(left, right ref.Val) ref.Val {
	if c.left && differs(left, right) || c.right && differs(right, left) {
		return types.False
	}
	return equal(left, right)
}

// differs reports whether a value that is not known is another for certain.
func differs(v, from ref.Val) bool {
	u, ok := v.(*types.Unknown)
	return ok && (from == types.NullValue && marked(u, Present) || from == types.String("") && marked(u, Filled))
}

// testing is has().
type testing struct {
	interpreter.InterpretableV2
	field string
}

// Exec gives true for a value that is there for certain. A gap that stands for more than the field says nothing of it.
func (t *testing) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	out := t.InterpretableV2.Exec(frame)
	if u, ok := out.(*types.Unknown); ok && certain(u, t.field) {
		return types.True
	}
	return out
}

// certain reports whether an unknown stands for a field, and for nothing else, that is there for certain.
func certain(u *types.Unknown, field string) bool {
	return marked(u, Present) && !slices.ContainsFunc(blame(u), func(path string) bool { return !strings.HasSuffix(path, "."+field) })
}

// Eval implements what came before Exec.
func (t *testing) Eval(ctx interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(ctx, t.Exec)
}

// Eval implements what came before Exec.
func (c *comparison) Eval(ctx interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(ctx, c.Exec)
}

func negated(v ref.Val) ref.Val {
	if b, ok := v.(types.Bool); ok {
		return !b
	}
	return v
}

// equal is three-valued: one difference that is certain settles it, whatever is not known.
func equal(a, b ref.Val) ref.Val {
	switch a := a.(type) {
	case *types.Unknown:
		if b, ok := b.(*types.Unknown); ok {
			return types.MergeUnknowns(a, b)
		}
		return a
	case traits.Lister:
		if b, ok := b.(traits.Lister); ok {
			return equalLists(a, b)
		}
	case traits.Mapper:
		if b, ok := b.(traits.Mapper); ok {
			return equalMaps(a, b)
		}
	case *types.Optional:
		if b, ok := b.(*types.Optional); ok && a.HasValue() && b.HasValue() {
			return equal(a.GetValue(), b.GetValue())
		}
	}
	if types.IsUnknown(b) {
		return b
	}
	return types.Equal(a, b)
}

func equalLists(a, b traits.Lister) ref.Val {
	n, _ := a.Size().(types.Int)
	if m, _ := b.Size().(types.Int); n != m {
		return equalOpen(a, b, min(n, m))
	}
	var doubt *types.Unknown
	for i := types.Int(0); i < n; i++ {
		switch eq := equal(a.Get(i), b.Get(i)).(type) {
		case types.Bool:
			if !eq {
				return types.False
			}
		case *types.Unknown:
			doubt = types.MergeUnknowns(doubt, eq)
		}
	}
	return doubtOr(doubt, types.True)
}

// equalOpen compares lists of which one has more elements, n in common: they can only be equal when one may have others still.
func equalOpen(a, b traits.Lister, n types.Int) ref.Val {
	var doubt *types.Unknown
	for _, list := range []traits.Lister{a, b} {
		if more := open(list); more != nil {
			doubt = types.MergeUnknowns(doubt, more)
		}
	}
	if doubt == nil {
		return types.False
	}
	for i := types.Int(0); i < n; i++ {
		if equal(a.Get(i), b.Get(i)) == types.False {
			return types.False
		}
	}
	return doubt
}

func equalMaps(a, b traits.Mapper) ref.Val {
	var doubt *types.Unknown
	for _, pair := range [][2]traits.Mapper{{a, b}, {b, a}} {
		for it := pair[0].Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			if u, ok := key.(*types.Unknown); ok {
				doubt = types.MergeUnknowns(doubt, u)
				continue
			}
			other, ok := pair[1].Find(key)
			if !ok {
				return types.False
			}
			switch eq := equal(pair[0].Get(key), other).(type) {
			case types.Bool:
				if !eq {
					return types.False
				}
			case *types.Unknown:
				doubt = types.MergeUnknowns(doubt, eq)
			}
		}
	}
	return doubtOr(doubt, types.True)
}

func doubtOr(doubt *types.Unknown, otherwise ref.Val) ref.Val {
	if doubt != nil {
		return doubt
	}
	return otherwise
}

// within says whether a value is in a list, or a key in a map.
func within(v, in ref.Val) ref.Val {
	switch in := in.(type) {
	case *types.Unknown:
		if u, ok := v.(*types.Unknown); ok {
			return types.MergeUnknowns(u, in)
		}
		return in
	case traits.Lister:
		return among(v, in)
	case traits.Container:
		if types.IsUnknown(v) {
			return v
		}
		return in.Contains(v)
	}
	return types.MaybeNoSuchOverloadErr(in)
}

func among(v ref.Val, list traits.Lister) ref.Val {
	var doubt *types.Unknown
	for it := list.Iterator(); it.HasNext() == types.True; {
		switch eq := equal(it.Next(), v).(type) {
		case types.Bool:
			if eq {
				return types.True
			}
		case *types.Unknown:
			doubt = types.MergeUnknowns(doubt, eq)
		}
	}
	return doubtOr(doubt, types.False)
}
