// Package kms reads keys.
//
// It is: the KMS reader, in the CloudFormation schema.
// It takes: a session that may only read, and a key's ID.
// It gives: a key with its policy, rotation and state, and as related "aliases".
// Next door: expect judges keys.
package kms
