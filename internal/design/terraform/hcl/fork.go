package hcl

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxOpen is how many conditions are named as open.
const maxOpen = 8

// fork watches a condition. One that is not known goes as the options assume, or is named as open: by its text and its module, so
// that what is written alike in one module goes the same way. What names more than the module has, such as each.key, may
// differ from one place to the next, and has no name.
func (l *loader) fork(e hclsyntax.Expression, data []byte) hclsyntax.Expression {
	text := whole(data, e.Range())
	named := text != "" && fixed(e)
	return &watched{e, func(_ *hcl.EvalContext, v cty.Value, _ hcl.Range) (cty.Value, hcl.Diagnostics) {
		v = l.harden(v)
		inner, _ := v.Unmark()
		if inner.IsKnown() || !named || l.rendering > 0 {
			return v, nil
		}
		name := l.home + text
		if way, ok := l.o.Assume[name]; ok {
			return cty.BoolVal(way), nil
		}
		if len(l.open) < maxOpen && !slices.Contains(l.open, name) {
			l.open = append(l.open, name)
		}
		return v, nil
	}}
}

// fixed reports whether an expression names only what is the same everywhere in a module.
func fixed(e hclsyntax.Expression) bool {
	return !slices.ContainsFunc(hclsyntax.Variables(e), func(t hcl.Traversal) bool {
		return !slices.Contains([]string{"var", "local", "data", "module", "terraform", "tofu"}, t.RootName())
	})
}
