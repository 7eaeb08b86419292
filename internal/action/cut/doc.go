// Package cut takes the statements that let everybody in out of the policy of a resource.
//
// It is: the smallest cut of a policy, and an action of it for whatever carries one.
// It takes: a text, or how to read and put it.
// It gives: the text that is left, byte for byte what it was but for the cut, and who loses by it.
// Next door: principal says which statements those are; the actions of each service describe themselves with it.
package cut
