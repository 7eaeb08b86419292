package expr

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// Step is one step of a path into a variable: the name of a member or the key of a map, or any element of a list.
type Step struct {
	Name    string
	Element bool
	// Maybe is set where the expression takes into account that it is not there (.?Name, has()).
	Maybe bool
}

// Ask is a part of a variable that an expression asks for.
type Ask struct {
	Path  []Step
	Place Place
}

// Asks gives the parts of a variable that the expression asks for, the longest path of each, in the order of the text. What is
// handed as a whole to a function, or compared as a whole, is one of them. A part that is named by something that only the
// evaluation will tell, as in x[y], is asked for as any element.
func (c code) Asks(variable string) []Ask {
	w := &asking{code: c, root: variable}
	w.walk(c.tree.Expr(), nil)
	return w.all
}

// view is what an expression, or a variable of a macro, stands for: a part of the variable that is asked about, or a list of
// such parts.
type view struct {
	path []Step
	list bool // the elements are at path
}

// element is what an element of it is.
func (v view) element() view {
	if v.list {
		return view{path: v.path}
	}
	return view{path: step(v.path, Step{Element: true})}
}

func step(path []Step, s Step) []Step { return append(path[:len(path):len(path)], s) }

// scope is what the variables of macros stand for.
type scope struct {
	name  string
	is    *view // nil: nothing that is asked about
	outer *scope
}

func (s *scope) find(name string) (*view, bool) {
	for ; s != nil; s = s.outer {
		if s.name == name {
			return s.is, true
		}
	}
	return nil, false
}

type asking struct {
	code code
	root string
	all  []Ask
}

// ask notes a part that nothing goes further into.
func (w *asking) ask(e ast.Expr, v *view) {
	if v == nil || len(v.path) == 0 {
		return
	}
	loc := w.code.tree.SourceInfo().GetStartLocation(e.ID())
	at := w.code.at
	at.Line, at.Col = at.Line+max(loc.Line(), 1)-1, at.Col+max(loc.Column(), 0)
	w.all = append(w.all, Ask{Path: v.path, Place: at})
}

// walk goes through an expression whose value is used as a whole.
func (w *asking) walk(e ast.Expr, in *scope) { w.ask(e, w.view(e, in)) }

// view goes through an expression and gives what it stands for; nil when that is no part of the variable.
func (w *asking) view(e ast.Expr, in *scope) *view {
	switch e.Kind() {
	case ast.IdentKind:
		if v, ok := in.find(e.AsIdent()); ok {
			return v
		}
		if e.AsIdent() == w.root {
			return &view{}
		}
	case ast.SelectKind:
		s := e.AsSelect()
		return w.into(s.Operand(), in, Step{Name: s.FieldName(), Maybe: s.IsTestOnly()})
	case ast.CallKind:
		return w.call(e.AsCall(), in)
	case ast.ComprehensionKind:
		return w.macro(e.AsComprehension(), in)
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			w.walk(x, in)
		}
	case ast.MapKind:
		for _, x := range e.AsMap().Entries() {
			w.walk(x.AsMapEntry().Key(), in)
			w.walk(x.AsMapEntry().Value(), in)
		}
	case ast.StructKind:
		for _, x := range e.AsStruct().Fields() {
			w.walk(x.AsStructField().Value(), in)
		}
	case ast.LiteralKind, ast.UnspecifiedExprKind:
	}
	return nil
}

// into is a step into what an expression stands for.
func (w *asking) into(e ast.Expr, in *scope, s Step) *view {
	v := w.view(e, in)
	switch {
	case v == nil:
		return nil
	case s.Element:
		next := v.element()
		return &next
	case v.list: // a name is no element of a list
		return nil
	}
	return &view{path: step(v.path, s)}
}

func (w *asking) call(c ast.CallExpr, in *scope) *view {
	args := c.Args()
	if c.IsMemberFunction() {
		args = append([]ast.Expr{c.Target()}, args...)
	}
	switch c.FunctionName() {
	case operators.OptSelect:
		return w.into(args[0], in, Step{Name: literal(args[1]), Maybe: true})
	case operators.Index, operators.OptIndex:
		w.walk(args[1], in)
		s := Step{Name: literal(args[1]), Maybe: c.FunctionName() == operators.OptIndex}
		s.Element = s.Name == ""
		return w.into(args[0], in, s)
	case "orValue", "or":
		v := w.view(args[0], in)
		w.walk(args[1], in)
		return v
	case "value", "optional.of", "optional.ofNonZeroValue", "dyn":
		return w.view(args[0], in)
	case operators.Conditional:
		w.walk(args[0], in)
		yes, no := w.view(args[1], in), w.view(args[2], in)
		if yes != nil && no != nil {
			w.ask(args[2], no)
		}
		if yes == nil {
			return no
		}
		return yes
	}
	for _, a := range args {
		w.walk(a, in)
	}
	return nil
}

// literal is a text that is written out; empty otherwise.
func literal(e ast.Expr) string {
	if e.Kind() == ast.LiteralKind {
		if s, ok := e.AsLiteral().Value().(string); ok {
			return s
		}
	}
	return ""
}

// macro is all, exists, filter, map and the like, and cel.bind: a macro over nothing.
func (w *asking) macro(c ast.ComprehensionExpr, in *scope) *view {
	rangeOver := c.IterRange()
	if rangeOver.Kind() == ast.ListKind && len(rangeOver.AsList().Elements()) == 0 { // cel.bind
		return w.view(c.Result(), &scope{c.AccuVar(), w.view(c.AccuInit(), in), in})
	}
	over := w.view(rangeOver, in)
	var each *view
	if over != nil {
		next := over.element()
		each = &next
	}
	inner := &scope{c.AccuVar(), nil, &scope{c.IterVar(), each, in}}
	before := len(w.all)
	w.walk(c.AccuInit(), in)
	w.walk(c.LoopCondition(), inner)
	gathered := w.gathered(c.LoopStep(), inner)
	w.walk(c.Result(), inner)
	if over != nil && len(w.all) == before && gathered == nil {
		w.ask(rangeOver, over) // how many there are is asked
	}
	if gathered != nil {
		return &view{path: gathered.path, list: true}
	}
	return nil
}

// gathered goes through the step of a macro. It gives what filter and map gather: what is put behind the list that they make.
func (w *asking) gathered(e ast.Expr, in *scope) *view {
	if e.Kind() != ast.CallKind {
		w.walk(e, in)
		return nil
	}
	c := e.AsCall()
	switch {
	case c.FunctionName() == operators.Conditional:
		w.walk(c.Args()[0], in)
		v := w.gathered(c.Args()[1], in)
		w.walk(c.Args()[2], in)
		return v
	case c.FunctionName() == operators.Add && c.Args()[1].Kind() == ast.ListKind && c.Args()[1].AsList().Size() == 1 &&
		c.Args()[0].Kind() == ast.IdentKind && c.Args()[0].AsIdent() == in.name:
		return w.view(c.Args()[1].AsList().Elements()[0], in)
	}
	w.walk(e, in)
	return nil
}
