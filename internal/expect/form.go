package expect

import (
	"jobzero/internal/expr"
)

// Form is the expression taken apart, for what it says of the resource; see expr.Form. Paths begin below the resource, with
// properties. Where the expectation has a condition of when it applies, the form is: it does not apply, or the expression holds.
func (e *Expectation) Form() expr.Form {
	f := e.met.Form("resource")
	if e.applies == nil {
		return f
	}
	when := e.applies.Form("resource")
	return expr.Form{Kind: expr.Some, Text: f.Text, Parts: []expr.Form{{Kind: expr.Not, Parts: []expr.Form{when}, Text: when.Text}, f}}
}

// Calls are the functions that the expression calls, with the texts that are written among their arguments.
func (e *Expectation) Calls() map[string][][]string { return e.met.Calls() }

// Asks are the parts of the resource that the expression and its condition ask for, below the resource.
func (e *Expectation) Asks() []expr.Ask {
	out := e.met.Asks("resource")
	if e.applies != nil {
		out = append(out, e.applies.Asks("resource")...)
	}
	return out
}
