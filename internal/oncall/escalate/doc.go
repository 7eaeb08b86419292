// Package escalate says who is told of a ticket that needs a person, and who is told next.
//
// It is: the policy that people write, and one page from its opening to its end, as a state machine with the time as an argument.
// It takes: what a ticket is, who sits where at an instant, what people answer, and the passing of time.
// It gives: whom to call now and at which level, when to look again, and the words for the timeline.
// Next door: oncall says who is on duty, oncall/pager carries pages out, store keeps them, notify brings calls to people.
package escalate
