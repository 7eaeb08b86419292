// Package access is who can do what.
//
// It is: the decision that AWS takes over one call, of all policies that have a say in it, with three answers and a fourth: unknown.
// It takes: policies that were read already, a caller, an action, a resource and what is known of the call's context.
// It gives: a decision, the statements that it rests on, and the condition keys that it hangs on; no file, clock or network.
// Next door: policy says what one statement makes of a call; principal knows ARNs; cases reads written cases.
//
// The order is that of the IAM documentation (reference_policies_evaluation-logic.html and the pages below it): a Deny anywhere wins;
// then each layer that is there has to allow: the organisation's policies of caller and resource, the network's endpoint, and at last
// what is attached to the caller, to the resource, or to both.
package access
