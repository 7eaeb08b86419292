// Package postincident is what is learnt from an incident, without blame.
//
// It is: the account of a ticket that its own timeline gives, and what people add to it: what made it possible, and who will change what by when.
// It takes: a ticket with its timeline; and a text of lessons, which names causes and no culprits.
// It gives: the review as Markdown and as a value, people in it as the parts they had; and the mistakes of a text, each with its place.
// Next door: app keeps lessons on the timeline, and makes a ticket of each thing that is to be done.
package postincident
