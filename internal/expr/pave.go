package expr

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// paver makes the direct road of an expression.
type paver struct {
	env    *Env
	tree   *ast.AST
	built  bool     // it makes values that may share parts
	locals []string // the names of macros that are in scope, the innermost last
	slots  int
}

// pave gives the road and how many slots it wants; nil where a part of the expression is not known here.
func (e *Env) pave(tree *ast.AST) (move, int) {
	p := &paver{env: e, tree: tree, built: builds(tree)}
	return p.move(tree.Expr()), p.slots
}

// move is the road of an expression that gives a value; of one that gives an optional value there is only maybe.
func (p *paver) move(e ast.Expr) move {
	if p.optional(e) {
		return nil
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return constant(e.AsLiteral())
	case ast.IdentKind:
		return p.ident(e.AsIdent())
	case ast.SelectKind:
		return p.selected(e)
	case ast.CallKind:
		return p.call(e)
	case ast.ListKind:
		return p.list(e.AsList())
	case ast.MapKind:
		return p.table(e.AsMap())
	case ast.ComprehensionKind:
		return p.fold(e.AsComprehension())
	case ast.StructKind, ast.UnspecifiedExprKind:
	}
	return nil
}

// moves are the roads of several expressions; nil when one has none.
func (p *paver) moves(exprs []ast.Expr) []move {
	out := make([]move, len(exprs))
	for i, e := range exprs {
		if out[i] = p.move(e); out[i] == nil {
			return nil
		}
	}
	return out
}

func always(v any) move { return func(*frame) any { return v } }

func constant(v ref.Val) move {
	switch v := v.(type) {
	case types.Null:
		return always(nil)
	case types.Bool, types.Int, types.Double, types.String:
		return always(v.Value())
	}
	return nil
}

func (p *paver) ident(name string) move {
	for slot := len(p.locals) - 1; slot >= 0; slot-- {
		if p.locals[slot] == name {
			return func(f *frame) any { return f.locals[slot] }
		}
	}
	if kind, ok := p.env.declared[name]; !ok || kind == Asked { // the name of a type, say; of a Thing only questions lead on
		return nil
	}
	return p.variable(name)
}

// variable is the value that an input has for one.
func (p *paver) variable(name string) move {
	return func(f *frame) any {
		if v, ok := f.in.vars[name]; ok {
			return v
		}
		return lost
	}
}

func (p *paver) list(list ast.ListExpr) move {
	if len(list.OptionalIndices()) > 0 {
		return nil
	}
	parts := p.moves(list.Elements())
	if parts == nil {
		return nil
	}
	if all := constants(list.Elements()); all != nil {
		return always(all)
	}
	return func(f *frame) any {
		out, doubt := make([]any, len(parts)), any(nil)
		if !f.spend(len(parts) + listCost) {
			return lost
		}
		for i, part := range parts {
			if out[i] = part(f); ended(out[i]) {
				return out[i]
			}
			if gap := merged(doubt, out[i]); gap != nil {
				doubt = gap
			}
		}
		if doubt != nil {
			return doubt
		}
		return out
	}
}

// constants are the values of a list that is written out; nil when some are not.
func constants(list []ast.Expr) []any {
	out := make([]any, len(list))
	for i, e := range list {
		if e.Kind() != ast.LiteralKind {
			return nil
		}
		out[i] = constant(e.AsLiteral())(nil)
	}
	return out
}

// table is a map that is written out, with texts for keys.
func (p *paver) table(m ast.MapExpr) move {
	names, parts := make([]string, m.Size()), make([]ast.Expr, m.Size())
	for i, e := range m.Entries() {
		entry := e.AsMapEntry()
		if names[i], parts[i] = literal(entry.Key()), entry.Value(); names[i] == "" || entry.IsOptional() || slices.Contains(names[:i], names[i]) {
			return nil
		}
	}
	vals := p.moves(parts)
	if vals == nil {
		return nil
	}
	if len(names) == 0 {
		return always(map[string]any{})
	}
	return func(f *frame) any {
		out, doubt := make(map[string]any, len(vals)), any(nil)
		if !f.spend(3*len(vals) + mapCost) {
			return lost
		}
		for i, val := range vals {
			v := val(f)
			if ended(v) {
				return lost
			}
			if gap := merged(doubt, v); gap != nil {
				doubt = gap
			}
			out[names[i]] = v
		}
		if doubt != nil {
			return doubt
		}
		return out
	}
}

// What CEL charges for a list, and for a map, that is made.
const (
	listCost = 10
	mapCost  = 30
)

// optional reports whether an expression gives an optional value.
func (p *paver) optional(e ast.Expr) bool {
	t := p.tree.GetType(e.ID())
	return t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type"
}

// selected is a.b and has(a.b). What is selected of an optional value is one, see maybe.
func (p *paver) selected(e ast.Expr) move {
	sel := e.AsSelect()
	of, name := p.move(sel.Operand()), sel.FieldName()
	switch {
	case of == nil:
		return nil
	case sel.IsTestOnly():
		return func(f *frame) any { return has(of(f), name) }
	}
	return func(f *frame) any { return member(of(f), name) }
}

// member is a.b of a value.
func member(of any, name string) any {
	switch of := of.(type) {
	case map[string]any:
		if v, ok := of[name]; ok {
			return v
		}
		return missing(name)
	case *Record:
		if v, ok := of.find(name); ok {
			return v
		}
		return missing(name)
	case Gap, missing:
		return of
	}
	return lost
}

func has(of any, name string) any {
	var v any
	var there bool
	switch of := of.(type) {
	case map[string]any:
		v, there = of[name]
	case *Record:
		v, there = of.find(name)
	case Gap:
		v = of
	case missing:
		return of
	default:
		return lost
	}
	if g, ok := v.(Gap); ok {
		if certain(g.unknown, name) {
			return true
		}
		return g
	}
	return there
}

// perhaps is a part of an expression whose value may not be there: optional.none() is false, what is not known is there.
type perhaps func(f *frame) (any, bool)

// maybe is the road of an expression that gives an optional value.
func (p *paver) maybe(e ast.Expr) perhaps {
	switch e.Kind() {
	case ast.SelectKind:
		if sel := e.AsSelect(); !sel.IsTestOnly() {
			return p.maybeMember(sel.Operand(), always(sel.FieldName()))
		}
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.OptSelect, operators.OptIndex, operators.Index:
			if !p.isKey(call.Args()[1]) {
				return nil
			}
			return p.maybeMember(call.Args()[0], p.move(call.Args()[1]))
		case "or":
			return p.maybeOr(call)
		case operators.Conditional:
			return p.maybeChoose(call.Args())
		case "optional.none":
			return func(*frame) (any, bool) { return nil, false }
		}
	case ast.IdentKind, ast.LiteralKind, ast.ListKind, ast.MapKind, ast.StructKind, ast.ComprehensionKind, ast.UnspecifiedExprKind:
	}
	return nil
}

// isKey reports whether an expression can be a key or an index; that it cannot is told when the program is made.
func (p *paver) isKey(e ast.Expr) bool {
	return slices.Contains([]types.Kind{types.StringKind, types.IntKind, types.DynKind}, p.tree.GetType(e.ID()).Kind())
}

// maybeMember is a.?b and a[?b].
func (p *paver) maybeMember(operand ast.Expr, key move) perhaps {
	of := p.certainly(operand)
	if of == nil || key == nil {
		return nil
	}
	return func(f *frame) (any, bool) {
		v, there := of(f)
		if !there || v == lost {
			return v, there
		}
		return find(v, key(f))
	}
}

// maybeChoose is a ? b : c of optional values.
func (p *paver) maybeChoose(args []ast.Expr) perhaps {
	when, then, otherwise := p.move(args[0]), p.maybe(args[1]), p.maybe(args[2])
	if when == nil || then == nil || otherwise == nil {
		return nil
	}
	return func(f *frame) (any, bool) {
		switch v := when(f); v {
		case true:
			return then(f)
		case false:
			return otherwise(f)
		default:
			if isGap(v) || ended(v) {
				return v, true
			}
			return lost, true
		}
	}
}

// certainly is the road of an expression, whether it gives an optional value or not.
func (p *paver) certainly(e ast.Expr) perhaps {
	if p.optional(e) {
		return p.maybe(e)
	}
	of := p.move(e)
	if of == nil {
		return nil
	}
	return func(f *frame) (any, bool) { return of(f), true }
}

func (p *paver) maybeOr(call ast.CallExpr) perhaps {
	first, second := p.maybe(call.Target()), p.maybe(call.Args()[0])
	if first == nil || second == nil {
		return nil
	}
	return func(f *frame) (any, bool) {
		if v, there := first(f); there {
			return v, true
		}
		return second(f)
	}
}

// find is a[?b] of values.
func find(of, key any) (any, bool) {
	switch of := of.(type) {
	case Gap, missing:
		return of, true
	case map[string]any:
		if name, ok := key.(string); ok {
			v, there := of[name]
			return v, there
		}
	case *Record:
		if name, ok := key.(string); ok {
			return of.find(name)
		}
	case []any:
		if i, ok := key.(int64); ok {
			if i < 0 || i >= int64(len(of)) {
				return nil, false
			}
			return of[i], true
		}
	case nil, bool, int64, float64, string:
		if _, ok := key.(string); ok {
			return nil, false
		}
	}
	return lost, true
}
