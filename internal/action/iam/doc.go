// Package iam switches credentials off.
//
// It is: the IAM actions.
// It takes: an access key's ID.
// It gives: the key, inactive.
// Next door: inventory/iam reads what is changed here.
package iam
