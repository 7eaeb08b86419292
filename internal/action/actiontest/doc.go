// Package actiontest is the one conformance suite that every action passes.
//
// It is: what is promised of every action, as a test on the emulator with its recorder as the witness.
// It takes: an action, and how to make, look at and disturb what it acts on.
// It gives: failures.
// Next door: action/builtin runs it over the list of all actions; tests only.
package actiontest
