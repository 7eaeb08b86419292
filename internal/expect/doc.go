// Package expect is resource to finding: it judges what exists against what is expected of it.
//
// It is: expectations as text, a CEL expression each with its owner, severity, reason and lesson, and a way to test them.
// It takes: resources as inventory read them, the file of intent and the organisation; nothing here calls AWS.
// It gives: verdicts of pass, fail, unknown or not applicable, in words, and findings of the second and third.
// Next door: inventory reads resources, triage joins findings.
//
// A resource that could not be read in full is judged as far as what is known goes: a violation that shows is a violation,
// and what depends on an unread part is unknown, never a pass.
package expect
