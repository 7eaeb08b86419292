// Package macie turns Macie on.
//
// It is: the Macie action.
// It takes: an account and region.
// It gives: a session of Macie that is on.
// Next door: inventory/macie reads whether there is one.
package macie
