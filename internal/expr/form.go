package expr

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/parser"
)

// FormKind is how a Form is put together.
type FormKind int

// The kinds.
const (
	Other  FormKind = iota // something that is no simple test; Text says what
	Test                   // a part of the variable is held against written values
	All                    // every one of Parts
	Some                   // one of Parts
	Not                    // not Parts[0]
	Every                  // Parts[0] of every element of Path
	Exists                 // Parts[0] of one element of Path
)

// Form is an expression taken apart, for those who say the same in another language. It is as exact as its tests are: whoever
// meets Other does not know the whole.
type Form struct {
	Kind  FormKind
	Parts []Form
	Text  string // as it is written, macros as macros

	// Of Test, Every and Exists: the part of the variable, or of the element that the nearest Every or Exists is about.
	Path []Step
	// Of Test: ==, !=, <, <=, >, >=, in, has, empty, matches, or size== and the like of how many there are.
	Compare   string
	Values    []any // bool, string, int64, float64 or nil; more than one only of in
	Default   any   // what orValue says for a part that is not there
	Defaulted bool
}

// Form takes the expression apart, for what it says of a variable.
func (c code) Form(variable string) Form {
	f := former{code: c}
	return f.form(c.tree.Expr(), names{variable: {}})
}

// names are what the names in an expression stand for: the variable, an element, or a written text.
type names map[string]meaning

type meaning struct {
	text   string // of a written text
	isText bool
	hidden bool // of a list that is further out: paths from it are not told
}

type former struct{ code code }

func (f former) other(e ast.Expr) Form {
	text, err := parser.Unparse(e, f.code.tree.SourceInfo())
	if err != nil {
		text = f.code.source
	}
	return Form{Kind: Other, Text: text}
}

func (f former) form(e ast.Expr, in names) Form {
	out := f.shape(e, in)
	if out.Text == "" {
		out.Text = f.other(e).Text
	}
	return out
}

func (f former) shape(e ast.Expr, in names) Form {
	switch e.Kind() {
	case ast.CallKind:
		return f.call(e, in)
	case ast.ComprehensionKind:
		return f.macro(e, in)
	case ast.SelectKind, ast.IdentKind:
		if e.Kind() == ast.SelectKind && e.AsSelect().IsTestOnly() {
			if p, ok := f.path(e.AsSelect().Operand(), in); ok {
				return Form{Kind: Test, Path: step(p.path, Step{Name: e.AsSelect().FieldName()}), Compare: "has"}
			}
		}
		if p, ok := f.path(e, in); ok && len(p.path) > 0 {
			return p.test("==", true)
		}
	case ast.LiteralKind, ast.ListKind, ast.MapKind, ast.StructKind, ast.UnspecifiedExprKind:
	}
	return f.other(e)
}

func (f former) call(e ast.Expr, in names) Form {
	c := e.AsCall()
	args := c.Args()
	switch c.FunctionName() {
	case operators.LogicalAnd:
		return Form{Kind: All, Parts: []Form{f.form(args[0], in), f.form(args[1], in)}}
	case operators.LogicalOr:
		return Form{Kind: Some, Parts: []Form{f.form(args[0], in), f.form(args[1], in)}}
	case operators.LogicalNot:
		return Form{Kind: Not, Parts: []Form{f.form(args[0], in)}}
	case operators.Conditional:
		cond := f.form(args[0], in)
		yes := Form{Kind: All, Parts: []Form{cond, f.form(args[1], in)}, Text: f.other(args[1]).Text}
		no := Form{Kind: All, Parts: []Form{{Kind: Not, Parts: []Form{cond}, Text: cond.Text}, f.form(args[2], in)}, Text: f.other(args[2]).Text}
		return Form{Kind: Some, Parts: []Form{yes, no}}
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals, operators.In:
		return f.comparison(e, in)
	case "matches":
		if p, ok := f.path(c.Target(), in); c.IsMemberFunction() && ok {
			return p.test("matches", literal(args[0]))
		}
	case operators.OptSelect, "orValue", operators.Index, operators.OptIndex, "value":
		if p, ok := f.path(e, in); ok {
			return p.test("==", true)
		}
	}
	if says := f.code.says[c.FunctionName()]; says != nil && len(args) == 1 {
		if p, ok := f.path(args[0], in); ok && !p.defaulted {
			return said(p, says)
		}
	}
	return f.other(e)
}

// said is what a function says of a part.
func said(p part, says []string) Form {
	out := Form{Kind: All}
	for _, word := range says {
		name, not := strings.CutPrefix(word, "not ")
		test := p.test(name)
		test.Text = name
		if not {
			test = Form{Kind: Not, Parts: []Form{test}, Text: word}
		}
		out.Parts = append(out.Parts, test)
	}
	return out
}

// signs are the operators by the names that CEL has for them.
var signs = map[string]string{
	operators.Equals: "==", operators.NotEquals: "!=", operators.Less: "<", operators.LessEquals: "<=", operators.Greater: ">",
	operators.GreaterEquals: ">=", operators.In: "in",
}

// turned is the sign when the sides change places.
var turned = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (f former) comparison(e ast.Expr, in names) Form {
	c := e.AsCall()
	left, right, sign := c.Args()[0], c.Args()[1], signs[c.FunctionName()]
	if _, ok := written(left); ok && turned[sign] != "" {
		left, right, sign = right, left, turned[sign]
	}
	return f.held(e, left, sign, right, in)
}

// held is left, by a sign, against right; of an expression that goes two ways, each way.
func (f former) held(e, left ast.Expr, sign string, right ast.Expr, in names) Form {
	if left.Kind() == ast.CallKind && left.AsCall().FunctionName() == operators.Conditional {
		args := left.AsCall().Args()
		cond := f.form(args[0], in)
		yes := Form{Kind: All, Parts: []Form{cond, f.held(e, args[1], sign, right, in)}, Text: f.other(args[1]).Text}
		no := Form{Kind: All, Parts: []Form{{Kind: Not, Parts: []Form{cond}, Text: cond.Text}, f.held(e, args[2], sign, right, in)}, Text: f.other(args[2]).Text}
		return Form{Kind: Some, Parts: []Form{yes, no}}
	}
	if left.Kind() == ast.CallKind && left.AsCall().FunctionName() == "size" && left.AsCall().IsMemberFunction() && sign != "in" {
		p, ok := f.path(left.AsCall().Target(), in)
		if v, fixed := written(right); ok && fixed {
			return p.test("size"+sign, v)
		}
		return f.other(e)
	}
	p, ok := f.path(left, in)
	if !ok {
		return f.other(e)
	}
	if sign != "in" {
		if v, fixed := written(right); fixed {
			return p.test(sign, v)
		}
		return f.other(e)
	}
	if right.Kind() != ast.ListKind {
		return f.other(e)
	}
	var values []any
	for _, x := range right.AsList().Elements() {
		v, fixed := written(x)
		if !fixed {
			return f.other(e)
		}
		values = append(values, v)
	}
	return p.test(sign, values...)
}

// written is a value that is written out.
func written(e ast.Expr) (any, bool) {
	if e.Kind() != ast.LiteralKind {
		return nil, false
	}
	switch v := e.AsLiteral().Value().(type) {
	case bool, string, int64, float64:
		return v, true
	}
	return nil, e.AsLiteral().Type().TypeName() == "null_type"
}

// part is a member of the variable, however deep, with what is taken for it where it is not there.
type part struct {
	path      []Step
	or        any
	defaulted bool
}

func (p part) test(compare string, values ...any) Form {
	return Form{Kind: Test, Path: p.path, Compare: compare, Values: values, Default: p.or, Defaulted: p.defaulted}
}

// path gives the part of the variable that an expression is.
func (f former) path(e ast.Expr, in names) (part, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		m, ok := in[e.AsIdent()]
		return part{}, ok && !m.isText && !m.hidden
	case ast.SelectKind:
		s := e.AsSelect()
		p, ok := f.path(s.Operand(), in)
		return part{path: step(p.path, Step{Name: s.FieldName()})}, ok && !p.defaulted && !s.IsTestOnly()
	case ast.CallKind:
	default:
		return part{}, false
	}
	c := e.AsCall()
	args := c.Args()
	if c.IsMemberFunction() {
		args = append([]ast.Expr{c.Target()}, args...)
	}
	switch c.FunctionName() {
	case operators.OptSelect, operators.Index, operators.OptIndex:
		p, ok := f.path(args[0], in)
		name := literal(args[1])
		if m, known := in[ident(args[1])]; known && m.isText {
			name = m.text
		}
		maybe := c.FunctionName() != operators.Index
		return part{path: step(p.path, Step{Name: name, Maybe: maybe})}, ok && name != "" && !p.defaulted
	case "orValue":
		p, ok := f.path(args[0], in)
		if v, fixed := written(args[1]); fixed {
			p.or = v
		} else if args[1].Kind() != ast.ListKind || args[1].AsList().Size() > 0 {
			return part{}, false
		}
		p.defaulted = true
		return p, ok
	case "value", "dyn":
		return f.path(args[0], in)
	}
	return part{}, false
}

func ident(e ast.Expr) string {
	if e.Kind() == ast.IdentKind {
		return e.AsIdent()
	}
	return ""
}

// macro is all and exists; over a list of written texts it is written out.
func (f former) macro(e ast.Expr, in names) Form {
	c := e.AsComprehension()
	body, every, ok := predicate(c)
	if !ok {
		return f.other(e)
	}
	if c.IterRange().Kind() == ast.ListKind {
		out := Form{Kind: Some}
		if every {
			out.Kind = All
		}
		for _, x := range c.IterRange().AsList().Elements() {
			text := literal(x)
			if text == "" {
				return f.other(e)
			}
			out.Parts = append(out.Parts, f.form(body, with(in, c.IterVar(), meaning{text: text, isText: true}, false)))
		}
		return out
	}
	over, ok := f.path(c.IterRange(), in)
	if !ok {
		return f.other(e)
	}
	out := Form{Kind: Exists, Path: over.path, Default: over.or, Defaulted: over.defaulted}
	if every {
		out.Kind = Every
	}
	out.Parts = []Form{f.form(body, with(in, c.IterVar(), meaning{}, true))}
	return out
}

// with adds a name; inside of a list what lies further out cannot be told by a path from the element.
func with(in names, name string, m meaning, inside bool) names {
	out := names{}
	for k, v := range in {
		v.hidden = v.hidden || inside && !v.isText
		out[k] = v
	}
	out[name] = m
	return out
}

// predicate gives what all or exists asks of each element.
func predicate(c ast.ComprehensionExpr) (body ast.Expr, every, ok bool) {
	s := c.LoopStep()
	if s.Kind() != ast.CallKind || len(s.AsCall().Args()) != 2 || ident(s.AsCall().Args()[0]) != c.AccuVar() {
		return nil, false, false
	}
	every = s.AsCall().FunctionName() == operators.LogicalAnd
	return s.AsCall().Args()[1], every, every || s.AsCall().FunctionName() == operators.LogicalOr
}

// Tests are the tests of a form, however deep, without those of elements of lists.
func (f Form) Tests() []Form {
	switch f.Kind {
	case Test:
		return []Form{f}
	case All, Some, Not:
		var out []Form
		for _, p := range f.Parts {
			out = append(out, p.Tests()...)
		}
		return out
	case Other, Every, Exists:
	}
	return nil
}

// Calls gives the functions that an expression calls, by name, with the texts that are written among their arguments.
func (c code) Calls() map[string][][]string {
	out := map[string][][]string{}
	for _, n := range ast.MatchDescendants(ast.NavigateAST(c.tree), ast.KindMatcher(ast.CallKind)) {
		var texts []string
		for _, a := range n.AsCall().Args() {
			texts = append(texts, literal(a))
		}
		name := n.AsCall().FunctionName()
		if !slices.ContainsFunc(out[name], func(old []string) bool { return slices.Equal(old, texts) }) {
			out[name] = append(out[name], texts)
		}
	}
	return out
}
