// Package gates sees that one expectation gives the same verdict at every gate.
//
// It is: encoders that write a state as a template, a call of a hook, a plan, an item of AWS Config and as the live readers give it; a mutator.
// It takes: the cases beside the embedded expectations, states of the provider aws, and files with the reasons for what is left out.
// It gives: a failure where a verdict differs from that of the case, or where a gate that decides leaves one undecided.
// Next door: internal/design reads what is written here, expect.Expectation.At says what a gate can know.
package gates
