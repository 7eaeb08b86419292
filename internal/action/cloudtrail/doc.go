// Package cloudtrail keeps trails going.
//
// It is: the CloudTrail actions.
// It takes: a trail, in its home region.
// It gives: a trail that logs, and whose files can be proved whole.
// Next door: inventory reads what is changed here; source/s3 reads what the trail writes.
package cloudtrail
