// Package cloudformation reads stacks: what was asked for, and what was made of it.
//
// It is: the list of stacks of an account and region, and a reader of one; and the reader of how far one is from its template.
// It takes: a session that may only read.
// It gives: templates, parameters, outputs and the physical names of resources; judging how far is somebody else's, handed in.
// Next door: design/drift compares, stack joins the two.
package cloudformation
