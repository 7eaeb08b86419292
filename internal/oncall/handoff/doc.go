// Package handoff has duty pass from one person to the next, and not before the next one has said so.
//
// It is: the handover at the end of each shift as a document, a question to the next person, and what follows when nobody answers. Time is an argument.
// It takes: a plan of who is on duty when, what is open as others tell of it, notes, and the word of whoever accepts.
// It gives: who is really on duty, whom to tell what, and when to look again; and the document, which is kept for ever.
// Next door: oncall says who should be on duty; app reads what is open, keeps the rows and wakes at the times; whoever sends is told by rows.
//
// Duty never ends by the clock: the outgoing person has it until somebody accepts it. When the next person does not, the secondary of the
// same shift is asked, then the managers above the next person one after the other, and then all of them again.
package handoff
