// Package organizations reads the organisation's own list of accounts, and what it lays down for all of them.
//
// It is: two readers of types of ours, which are read in one account and are about all of them.
// It takes: a session that may only read, in the management account or one that administers for it, and what is watched.
// It gives: each account with its state, its place and whether it is watched; the organisation with its policies and trail.
// Next door: expect holds the list against what is watched; the coverage of each account is read by the services' own readers.
package organizations
