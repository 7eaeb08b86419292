// Package sso changes who is let into accounts by IAM Identity Center.
//
// It is: the actions on assignments of permission sets.
// It takes: an assignment by the ID that CloudFormation has for it.
// It gives: the assignment gone, and there again when it is undone.
// Next door: inventory/sso reads assignments.
package sso
