// Package iam switches credentials off and takes rights away.
//
// It is: the IAM actions.
// It takes: an access key's ID, or whose policy is to be smaller.
// It gives: the key, inactive; the policy, smaller and never larger.
// Next door: inventory/iam reads what is changed here.
package iam
