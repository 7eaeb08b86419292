// Package outward makes actions of what tells or asks somebody: a person, an address, a function, a document.
//
// It is: plan, do, verify and undo, written once, for what is sent once and cannot be taken back.
// It takes: what would be sent, how it is sent, and how one sees what came of it.
// It gives: an action whose plan shows every word, and whose repetitions the receiver can tell by their name.
// Next door: notify and webhook describe themselves with it, and lambda and ssm what they ask for; action/actiontest holds them to their word.
package outward
