// Package sso reads who is let into which account by IAM Identity Center.
//
// It is: the reader of assignments, in the CloudFormation schema.
// It takes: a session that may only read, in the account that Identity Center belongs to or that administers it.
// It gives: each assignment with the permission set that it hands out.
// Next door: expect judges them; cloudcontrol reads the permission sets by themselves.
package sso
