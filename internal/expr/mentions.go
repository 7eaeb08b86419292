package expr

import "cel.dev/cel-go/common/ast"

// Mentions reports whether the expression has a variable in it, in part or as a whole. A variable of a macro that has its name counts too.
func (c code) Mentions(variable string) (is bool) {
	ast.PostOrderVisit(c.tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		is = is || e.Kind() == ast.IdentKind && e.AsIdent() == variable
	}))
	return is
}
