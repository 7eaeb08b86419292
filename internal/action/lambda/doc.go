// Package lambda closes functions, and stops them.
//
// It is: the Lambda actions.
// It takes: a function, its URL, or one of its permissions.
// It gives: a function that strangers cannot call, or that does not run at all.
// Next door: inventory reads what is changed here.
package lambda
