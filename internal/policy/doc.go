// Package policy is what policies say of one call.
//
// It is: statements, ready to be matched, and three answers: denied, untouched, and undecided with what is not known.
// It takes: the text of a policy, and a request: an action, resources, and the condition keys of which some are not known.
// It gives: what a statement says of a request, and what policies of an organisation say together; no file, clock or network.
// Next door: principal reads policies without loss and asks who is let in; policy/trail makes requests of CloudTrail records.
//
// The rules are those of the IAM documentation (reference_policies_elements_condition_operators.html and
// reference_policies_evaluation-logic.html). What is not known is never taken for present or absent.
package policy
