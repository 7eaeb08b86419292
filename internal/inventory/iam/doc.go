// Package iam reads keys, users, roles, policies and what holds for the whole account.
//
// It is: the IAM readers, in the CloudFormation schema.
// It takes: a session that may only read, and an ID, name or ARN.
// It gives: each with its policies as documents, and as related what IAM keeps elsewhere: keys, devices, who uses them.
// Next door: expect judges keys, action/iam switches them off.
package iam
