// Package stack is stacks held against what is there of them.
//
// It is: the way from a stack, or a text, to differences: read its template, read live what it made, compare.
// It takes: a stack that inventory has read, and the catalogue of readers.
// It gives: what differs and what could not be compared, for people and as a resource that is judged like any other.
// Next door: design/drift compares; app has sweeps ask, cli people.
package stack
