package expect

import (
	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// InputOf is what expressions about a resource are evaluated on.
func InputOf(r resource.Resource, f Facts) *expr.Input { return newScene(r, f).input }

// Compiled are the expectation's condition and what it applies to, and its messages.
func (e *Expectation) Compiled() (conditions []*expr.Program, messages []*expr.Words) {
	conditions = append(conditions, e.met)
	if e.applies != nil {
		conditions = append(conditions, e.applies)
	}
	return conditions, e.seen
}
