// Package trail reads what a CloudTrail record says about authorisation.
//
// It is: a record as the requests that policies were asked for it, with what the record does not say left open.
// It takes: one record, and what is known of the organisation.
// It gives: IAM actions, resources and condition keys; what is not in the record is unknown, never absent.
// Next door: policy judges the requests; guardrail/replay counts what comes of it.
//
// Where the name of an event is not that of the action, which parameter is which condition key, and which parameter names a
// resource stand in actions.txt, keys.txt and resources.txt.
package trail
