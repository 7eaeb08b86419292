// Package cloudtrail reads trails.
//
// It is: the CloudTrail reader, in the CloudFormation schema.
// It takes: a session that may only read, in the trail's home region, and its name.
// It gives: a trail with what it records, and whether it is recording now.
// Next door: expect judges trails.
package cloudtrail
