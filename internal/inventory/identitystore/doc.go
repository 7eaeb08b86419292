// Package identitystore reads who is in the directory of IAM Identity Center.
//
// It is: users, groups and memberships, as the API answers, and the assignments of permission sets to each.
// It takes: a session that may only read, in the account and region of the instance of Identity Center.
// It gives: answers as the AWS CLI gives them, in pages.
// Next door: inventory/sso reads assignments as resources; access/holding reads the answers.
package identitystore
