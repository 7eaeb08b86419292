// Package cloudtrail reads CloudTrail records.
//
// It is: the one place that knows what a CloudTrail record looks like.
// It takes: the bytes of one record, from a file, an envelope or an object; not trusted.
// It gives: an event with the bytes kept as they are, or a reason that names the field.
// Next door: source/file, source/eventbridge and source/s3notify bring the bytes.
package cloudtrail
