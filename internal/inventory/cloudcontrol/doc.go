// Package cloudcontrol reads the types that have no reader of their own, all in the same way.
//
// It is: one reader a line of types.txt, over AWS Cloud Control, whose properties are CloudFormation's own.
// It takes: a session that may only read, and CloudFormation's identifier.
// It gives: resources with what AWS never gives back, and what stands in other types, named as unknown.
// Next door: the readers of single services say more of a type; builtin prefers them.
package cloudcontrol
