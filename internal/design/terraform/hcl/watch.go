package hcl

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// watched is a part of an expression whose value is looked at before the rest of it has it.
type watched struct {
	hclsyntax.Expression
	look func(ctx *hcl.EvalContext, v cty.Value, where hcl.Range) (cty.Value, hcl.Diagnostics)
}

// Value is that of the part, as the rest of the expression has it.
func (w *watched) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := w.Expression.Value(ctx)
	v, more := w.look(ctx, v, w.Range())
	return v, append(diags, more...)
}

// watch puts watches into one node: what operators and indexes look into has no symbols, what a template puts together has no
// unknown texts, and what is repeated is counted.
func (l *loader) watch(n hclsyntax.Node, data []byte, visit hclsyntax.VisitFunc) {
	hard := func(e hclsyntax.Expression) hclsyntax.Expression {
		return &watched{e, func(_ *hcl.EvalContext, v cty.Value, _ hcl.Range) (cty.Value, hcl.Diagnostics) {
			return l.harden(v), nil
		}}
	}
	switch n := n.(type) {
	case *early:
		visit(n.Expression) //nolint:errcheck // there are none: the visitor only watches
	case *watched:
		visit(n.Expression) //nolint:errcheck // there are none: the visitor only watches
	case *hclsyntax.BinaryOpExpr:
		n.LHS, n.RHS = hard(n.LHS), hard(n.RHS)
		op := *n.Op
		op.Impl = l.bounded(op.Impl)
		n.Op = &op
	case *hclsyntax.UnaryOpExpr:
		n.Val = hard(n.Val)
	case *hclsyntax.ConditionalExpr:
		n.Condition = l.fork(n.Condition, data)
	case *hclsyntax.IndexExpr:
		n.Collection, n.Key = l.indexed(n.Collection, hard(n.Key))
	case *hclsyntax.TemplateExpr:
		for i, p := range n.Parts {
			n.Parts[i] = l.part(p, data)
		}
	case *hclsyntax.ForExpr:
		n.CollExpr, n.ValExpr = l.counted(n.CollExpr, true), l.counted(n.ValExpr, false)
		if n.KeyExpr != nil {
			n.KeyExpr = l.counted(n.KeyExpr, false)
		}
		if n.CondExpr != nil {
			n.CondExpr = hard(n.CondExpr)
		}
	case *hclsyntax.SplatExpr:
		n.Source = l.counted(n.Source, true)
	}
}

// indexed are a collection and the key of one of its elements. Where the key is not known, it comes from any of them: the library
// would forget that.
func (l *loader) indexed(collection, key hclsyntax.Expression) (hclsyntax.Expression, hclsyntax.Expression) {
	k := &early{Expression: key}
	return &watched{collection, func(ctx *hcl.EvalContext, v cty.Value, _ hcl.Range) (cty.Value, hcl.Diagnostics) {
		one := k.ask(ctx)
		inner, _ := one.Unmark()
		if l.searched++; one == cty.NilVal || inner.IsKnown() || l.searched > maxSearched || !v.ContainsMarked() {
			return v, nil
		}
		_, marks := v.UnmarkDeep()
		return v.WithMarks(marks), nil
	}}, k
}

// early is an expression that may have been worked out before its turn, which is not done twice.
type early struct {
	hclsyntax.Expression
	ctx   *hcl.EvalContext
	v     cty.Value
	diags hcl.Diagnostics
}

func (e *early) ask(ctx *hcl.EvalContext) cty.Value {
	v, diags := e.Expression.Value(ctx)
	e.ctx, e.v, e.diags = ctx, v, diags
	return v
}

// Value is what was worked out in the same place, once.
func (e *early) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if e.ctx == nil || e.ctx != ctx {
		return e.Expression.Value(ctx)
	}
	v, diags := e.v, e.diags
	e.ctx, e.v, e.diags = nil, cty.NilVal, nil
	return v, diags
}

// part is one part of a template.
func (l *loader) part(e hclsyntax.Expression, data []byte) hclsyntax.Expression {
	text := source(data, e.Range())
	return &watched{e, func(ctx *hcl.EvalContext, v cty.Value, where hcl.Range) (cty.Value, hcl.Diagnostics) {
		inner, marks := v.Unmark()
		if !inner.IsKnown() {
			from := originsOf(marks)
			key := l.who + "\x00" + where.String()
			if ctx != nil && ctx.Parent() != nil {
				key = "" // in a loop it may be another one each time
			}
			if len(from) == 1 && text == "…" {
				return l.symbolise(key, name(from, text), from), nil
			}
			return l.symbolise(key, text, from), nil
		}
		if inner.Type() == cty.String && !inner.IsNull() {
			if l.bytes += len(inner.AsString()); l.bytes > maxBytes {
				return cty.DynamicVal, []*hcl.Diagnostic{tooMuch(where)}
			}
		}
		return v, nil
	}}
}

func tooMuch(where hcl.Range) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "it makes more than can be read", Subject: &where}
}

// counted is what a loop goes through, or makes.
func (l *loader) counted(e hclsyntax.Expression, collection bool) hclsyntax.Expression {
	return &watched{e, func(_ *hcl.EvalContext, v cty.Value, where hcl.Range) (cty.Value, hcl.Diagnostics) {
		if l.steps++; l.steps > maxSteps {
			return cty.DynamicVal, []*hcl.Diagnostic{tooMuch(where)}
		}
		if collection {
			inner, _ := v.Unmark()
			if inner.IsKnown() && !inner.IsNull() && inner.CanIterateElements() && inner.LengthInt() > maxWide {
				return cty.DynamicVal, []*hcl.Diagnostic{tooMuch(where)}
			}
		}
		return v, nil
	}}
}

var errTooLarge = errors.New("what it makes is too large")

// bounded is an operator whose result is a number that can be written.
func (l *loader) bounded(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params: f.Params(),
		Type:   func(args []cty.Value) (cty.Type, error) { return f.ReturnTypeForValues(args) },
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if l.steps++; l.steps > maxSteps {
				return cty.NilVal, errTooLarge
			}
			v, err := f.Call(args)
			if err == nil && v.Type() == cty.Number {
				if n, _ := v.Unmark(); n.IsKnown() && !n.IsNull() && !tame(n.AsBigFloat()) {
					return cty.NilVal, errTooLarge
				}
			}
			return v, err
		},
	})
}

// measure reports whether a value is of a size that can be gone through; it looks no further than that.
func measure(v cty.Value) bool {
	left, bytes := maxSize, 0
	var count func(v cty.Value) bool
	count = func(v cty.Value) bool {
		if left--; left < 0 {
			return false
		}
		v, _ = v.Unmark()
		switch {
		case !v.IsKnown() || v.IsNull():
		case v.Type() == cty.String:
			bytes += len(v.AsString())
			left -= strings.Count(v.AsString(), openSymbol) * 100
			return bytes <= maxText && left >= 0
		case v.Type() == cty.Number:
			return tame(v.AsBigFloat())
		case v.CanIterateElements():
			if v.LengthInt() > maxWide {
				return false
			}
			for it := v.ElementIterator(); it.Next(); {
				if _, e := it.Element(); !count(e) {
					return false
				}
			}
		}
		return true
	}
	return count(v)
}
