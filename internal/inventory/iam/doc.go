// Package iam reads access keys.
//
// It is: the IAM readers, in the CloudFormation schema.
// It takes: a session that may only read, and a key's ID.
// It gives: a key, and as related "user" and "last_used".
// Next door: expect judges keys, action/iam switches them off.
package iam
