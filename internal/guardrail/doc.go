// Package guardrail says what is expected in the languages of those who prevent: policies of an organisation, CloudFormation Guard
// and AWS Config.
//
// It is: a derivation that asks the expectations themselves which values they refuse, and tables of who can refuse those.
// It takes: expectations.
// It gives: policies, rules and a conformance pack, and for each expectation what they prevent, what they leave open, and why.
// Next door: expect judges, policy evaluates what is made here, guardrail/replay tries it on the past.
//
// A statement is only made for values that the expectation refuses whatever else the resource says: it is asked about a resource
// of which nothing but these values is known, and has to say that it fails. So nothing is refused that would have been right, but
// for freezes, which say so.
package guardrail
