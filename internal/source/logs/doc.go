// Package logs knows every log that AWS writes beside CloudTrail's.
//
// It is: the one list of their readers, and how a log is recognised.
// It takes: the name of a file or object, its first bytes, or one JSON object out of it.
// It gives: the log that it is, and a reader for it.
// Next door: vpcflow, alb and the others are the readers; file is who asks.
package logs
