// Package machine is the identities that are no person's.
//
// It is: roles, users and providers of identities, with what takes them on, what runs with them, when they were used, and who was behind.
// It takes: an estate and a world that were read, whose everything is, and a view of a ledger, if there is one.
// It gives: one line an identity. What nobody said is not known, and not never.
// Next door: access/tie says what is somebody's; org says who answers for the rest.
package machine
