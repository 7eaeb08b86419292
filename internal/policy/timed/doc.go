// Package timed writes statements that end by themselves.
//
// It is: who may take on a role until when, which sessions of it are over, and a policy with and without such a statement.
// It takes: the text of a policy, and times as arguments.
// It gives: the text of the policy with one statement more or less; every other statement stays as it was written.
// Next door: action/iam puts the texts; access decides by them in tests.
package timed
