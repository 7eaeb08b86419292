// Package event is what happened.
//
// It is: one thing that happened, with the raw record beside an OCSF-shaped view of it.
// It takes: what a source has parsed; nothing here reads or calls anything.
// It gives: the noun that detect, inventory and the command line share.
// Next door: source makes events, detect judges them.
package event
