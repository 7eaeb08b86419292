// Package cli is the house for a terminal.
//
// It is: the tree of commands, and the one table that turns errors into exit codes.
// It takes: arguments, the standard streams, and a context that ends when a person has had enough.
// It gives: text for people, JSON for programs, and an exit code: 0 done, 1 a check failed, 2 could not run, 3 nothing failed but
// not all is proven.
// Next door: it stands after app and may call every room.
package cli
