// Package guardduty reads findings of Amazon GuardDuty.
//
// It is: the one place that knows what a GuardDuty finding looks like, schema 2.0.
// It takes: the bytes of one finding: the detail of an EventBridge event, a line of an export to S3, or one of GetFindings.
// It gives: a claim about the resource that GuardDuty names, or a reason that names the field.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package guardduty
