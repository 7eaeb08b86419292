// Package sso changes who is let into accounts by IAM Identity Center.
//
// It is: the actions on assignments and on permission sets.
// It takes: an assignment or a permission set by the ID that CloudFormation has for it.
// It gives: the assignment gone, the policy smaller or one user denied everything, and as it was when it is undone.
// Next door: inventory/sso reads assignments.
package sso
