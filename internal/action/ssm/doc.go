// Package ssm takes documents of Systems Manager back.
//
// It is: the action on documents.
// It takes: a document, by its name.
// It gives: a document that is shared with nobody whom nobody meant.
// Next door: inventory reads documents.
package ssm
