// Package seed makes up an organisation's half year, to look at and to measure the console on.
//
// It is: tickets with their findings, timelines, runs, effects and inquiries, resources with what they came to, and dead letters, all invented.
// It takes: an open store, how much of each, and what the content has.
// It gives: a store as it is after that half year; the same number gives the same names.
// Next door: test/browser looks at pages of it.
package seed
