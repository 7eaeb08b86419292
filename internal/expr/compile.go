package expr

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"jobzero/internal/fault"
)

// Place is where the first character of an expression stands; lines and columns count from 1. Further lines of the
// expression are taken to start in the same column, as they do in a block of YAML.
type Place struct {
	File      string
	Line, Col int
}

// String is file:line:column.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Program is one compiled expression that gives true or false. It is immutable and safe for concurrent use.
type Program struct{ code }

// Words is one compiled expression that gives a text. It is immutable and safe for concurrent use.
type Words struct{ code }

// code is an expression.
type code struct {
	source  string
	at      Place
	tree    *ast.AST
	program func() (cel.Program, error) // made when it is first wanted
	road    move                        // the direct road; nil when there is none
	slots   int
	says    map[string][]string
}

// String is the text of the expression.
func (c code) String() string { return c.source }

// Compile reads an expression that gives true or false. An error is fault.Invalid and begins with file:line:col.
func (e *Env) Compile(file, source string) (*Program, error) {
	return e.CompileAt(Place{file, 1, 1}, source)
}

// CompileAt is Compile for an expression that stands inside a file.
func (e *Env) CompileAt(at Place, source string) (*Program, error) {
	c, err := e.compile(at, source, cel.BoolType)
	if err != nil {
		return nil, err
	}
	return &Program{c}, nil
}

// CompileWords is CompileAt for an expression that gives a text.
func (e *Env) CompileWords(at Place, source string) (*Words, error) {
	c, err := e.compile(at, source, cel.StringType)
	if err != nil {
		return nil, err
	}
	return &Words{c}, nil
}

func (e *Env) compile(at Place, source string, want *cel.Type) (c code, err error) {
	defer func() { // the text is whatever a user wrote
		if p := recover(); p != nil {
			err = at.errorf(1, 0, "this expression breaks the compiler (%v): simplify it", p)
		}
	}()
	if strings.TrimSpace(source) == "" {
		return c, at.errorf(1, 0, "the expression is empty")
	}
	tree, issues := e.env.Compile(source)
	if err := issues.Err(); err != nil {
		first, more := issues.Errors()[0], len(issues.Errors())-1
		text := strings.TrimSuffix(first.Message, " (in container '')")
		if more > 0 {
			text = fmt.Sprintf("%s (and %d more)", text, more)
		}
		return c, at.errorf(first.Location.Line(), first.Location.Column(), "%s", text)
	}
	if t := tree.OutputType(); !t.IsExactType(want) && !t.IsExactType(cel.DynType) {
		return c, at.errorf(1, 0, "the expression gives %s: want %s", t, want)
	}
	if err := e.checkFields(at, tree.NativeRep()); err != nil {
		return c, err
	}
	if err := checkRegex(at, tree.NativeRep()); err != nil {
		return c, err
	}
	return e.plan(at, source, tree)
}

// plan gives the expression its road and its program. Where there is a road the program is only made when that does not lead on; but
// what is worked out while it is made can be wrong, and that is to be told now.
func (e *Env) plan(at Place, source string, tree *cel.Ast) (c code, err error) {
	c.source, c.at, c.tree, c.says = source, at, tree.NativeRep(), e.says
	c.road, c.slots = e.pave(c.tree)
	c.program = sync.OnceValues(func() (cel.Program, error) { return e.program(at, tree) })
	if c.road == nil || folds(c.tree) {
		_, err = c.program()
	}
	return c, err
}

// folds reports whether CEL works a part of the expression out when it makes a program: a call of values that are written out.
func folds(tree *ast.AST) bool {
	for _, n := range ast.MatchDescendants(ast.NavigateAST(tree), ast.KindMatcher(ast.CallKind)) {
		parts := n.Children()
		if len(parts) > 0 && !slices.ContainsFunc(parts, func(p ast.NavigableExpr) bool { return p.Kind() != ast.LiteralKind }) {
			return true
		}
	}
	return false
}

func (e *Env) program(at Place, tree *cel.Ast) (cel.Program, error) {
	opts := []cel.ProgramOption{
		cel.CostTracking(e.costs), cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize), cel.CustomDecoratorV2(careful(tree.NativeRep())),
	}
	if builds(tree.NativeRep()) {
		depth := types.NewSizeCalculator(types.SizeCalculatorMaxDepth(maxDepth)) // CEL takes what lies deeper than 5 to be endless
		opts = append(opts, cel.MemoryLimit(maxSize), cel.MemoryTracking(types.MemoryTrackerSizeCalculator(depth)))
	}
	p, err := e.env.Program(tree, opts...)
	if err != nil {
		return nil, at.errorf(1, 0, "%v", err)
	}
	return p, nil
}

// checkFields finds misspelt fields of variables whose fields are fixed.
func (e *Env) checkFields(at Place, tree *ast.AST) error {
	for _, sel := range ast.MatchDescendants(ast.NavigateAST(tree), ast.KindMatcher(ast.SelectKind)) {
		of, name := sel.AsSelect().Operand(), sel.AsSelect().FieldName()
		if of.Kind() != ast.IdentKind {
			continue
		}
		fields, fixed := e.fields[of.AsIdent()]
		if !fixed || slices.Contains(fields, name) {
			continue
		}
		loc := tree.SourceInfo().GetStartLocation(sel.ID())
		return at.errorf(loc.Line(), loc.Column(), "%s has no field %q: use one of %s", of.AsIdent(), name, strings.Join(fields, ", "))
	}
	return nil
}

// checkRegex refuses regular expressions that are put together at run time: their size could not be limited.
func checkRegex(at Place, tree *ast.AST) error {
	for _, call := range ast.MatchDescendants(ast.NavigateAST(tree), ast.FunctionMatcher("matches")) {
		args := call.AsCall().Args()
		if len(args) == 0 || args[len(args)-1].Kind() == ast.LiteralKind {
			continue
		}
		loc := tree.SourceInfo().GetStartLocation(call.ID())
		return at.errorf(loc.Line(), loc.Column(), "matches wants its regular expression written out")
	}
	return nil
}

// builds reports whether the expression makes lists or maps of values that it did not write out itself. Such values can
// share parts, so that a short text makes a value that is endless to compare.
func builds(tree *ast.AST) bool {
	aggregates := ast.MatchDescendants(ast.NavigateAST(tree), func(n ast.NavigableExpr) bool {
		return n.Kind() == ast.ListKind || n.Kind() == ast.MapKind
	})
	for _, a := range aggregates {
		constant := len(a.Children()) > 0
		for _, child := range a.Children() {
			constant = constant && child.Kind() == ast.LiteralKind
		}
		if !constant && !isDefault(a) {
			return true
		}
	}
	return false
}

// isDefault reports whether an aggregate is the empty one of a.?b.orValue([]), which is everywhere and harmless.
func isDefault(a ast.NavigableExpr) bool {
	parent, ok := a.Parent()
	return ok && len(a.Children()) == 0 && parent.Kind() == ast.CallKind && parent.AsCall().FunctionName() == "orValue"
}

// errorf makes an error at a line (from 1) and column (from 0) of the expression.
func (p Place) errorf(line, col int, format string, args ...any) error {
	line, col = max(line, 1), max(col, 0)
	return fault.New(fault.Invalid, "%s: %s", Place{p.File, p.Line + line - 1, p.Col + col}, fmt.Sprintf(format, args...))
}
