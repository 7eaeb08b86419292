// Package setting makes actions of what most of them are: one thing with one state, which calls turn into another.
//
// It is: plan, do, verify and undo, written once, for whatever can be read with a look and turned with calls.
// It takes: how to look, what the state shall be, and which calls lead from one state to another.
// It gives: an action, whose plan holds the state before, and which goes on where a killed process stopped.
// Next door: the actions of each service describe themselves with it; action/actiontest holds them to their word.
package setting
