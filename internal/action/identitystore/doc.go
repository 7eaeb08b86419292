// Package identitystore changes who is in which group of IAM Identity Center.
//
// It is: the actions on memberships of groups.
// It takes: a user and a group of a directory.
// It gives: the membership gone, and another like it when it is undone.
// Next door: inventory/identitystore reads the directory.
package identitystore
