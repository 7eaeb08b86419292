// Package glass is the use of rights that nobody has on other days: break-glass.
//
// It is: one use from its request to its review, as a state machine with the time as an argument, and the record of what was done.
// It takes: what people ask and answer, what came of the calls that give and end it, and events of its sessions.
// It gives: the noun that a ticket's timeline tells of; what may follow on what, and when it has to be looked at again.
// Next door: playbook/grant carries it out, policy/timed writes what it grants, store keeps it.
package glass
