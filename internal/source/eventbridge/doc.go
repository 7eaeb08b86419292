// Package eventbridge reads what comes through EventBridge: CloudTrail's records, and the findings of other tools.
//
// It is: the fast path. An event bus puts each record in an envelope and the envelope on a queue.
// It takes: message bodies; an envelope is a claim, and so is the record inside.
// It gives: events and reports whose envelope and record agree on the account; dead letters for those that do not.
// Next door: source/queue brings the messages; source/cloudtrail and the packages of the other formats read the records.
package eventbridge
