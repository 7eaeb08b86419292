// Package kms keeps keys from being lost and lets them rotate.
//
// It is: the KMS actions.
// It takes: a key of the account's own.
// It gives: a key that is not deleted, or whose material changes every year.
// Next door: inventory/kms reads what is changed here.
package kms
