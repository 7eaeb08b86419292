// Package replay holds proposed policies of an organisation against what happened.
//
// It is: for each CloudTrail record whether the policies would have denied the call, and what is not known where that is open.
// It takes: service or resource control policies, files of logs, and what is known of the organisation.
// It gives: groups of calls by who made them, and totals that add up to the events that were read.
// Next door: policy decides, policy/trail reads records, principal/lineage says who was behind a session.
package replay
