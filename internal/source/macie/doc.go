// Package macie reads findings of Amazon Macie.
//
// It is: the one place that knows what a Macie finding looks like, schema 1.0.
// It takes: the bytes of one finding: the detail of an EventBridge event, or one of GetFindings.
// It gives: a claim about the bucket, with the kinds of data that were found in it; or a reason that names the field.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package macie
