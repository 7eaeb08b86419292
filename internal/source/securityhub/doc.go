// Package securityhub reads findings of AWS Security Hub.
//
// It is: the one place that knows the AWS Security Finding Format (ASFF) of Security Hub CSPM, and how the new Security Hub writes OCSF.
// It takes: the detail of an EventBridge event, a request of BatchImportFindings, an array of findings, or one finding; in either format.
// It gives: a claim for each finding; what GuardDuty, Inspector and Macie found is theirs, as if they had said it themselves.
// Next door: source/eventbridge brings the bytes; source/claim holds what all formats share.
package securityhub
