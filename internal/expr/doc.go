// Package expr is the one CEL environment that everybody shares.
//
// It is: expressions compiled once and evaluated often, with three answers: true, false and unknown.
// It takes: variables and functions that a room declares, a text, and the paths of what is not known.
// It gives: a verdict, what is to blame when there is none, and errors that say file, line and column.
// Next door: expect judges resources with it; every room that lets people write conditions calls it.
//
// # Unknown
//
// "false && unknown" is false and "true || unknown" is true, in either order; everything else that touches what is not known
// is Unknown, also has(), size() and a loop over it. So is what goes wrong while evaluating, such as a key that is not there:
// has(a.b) and a.?b.orValue(c) are the ways to ask for what may be missing. A verdict that is not Unknown holds whatever the
// unknown parts turn out to be.
//
// # Limits
//
// Evaluation is bounded by counting, not by a clock, so that the same text always ends the same way: a cost limit on what an
// expression does and a limit on the size of the values that it builds. CEL's own extensions for texts, sets and lists are
// left out because single calls in them (replace, format, flatten, sets.equivalent) cost far more than they are charged for:
// gigabytes from a line of text. Bounded ones of our own stand in for the useful ones.
package expr
