// Package sqs closes queues.
//
// It is: the SQS action.
// It takes: a queue, by its URL.
// It gives: a policy without its public statements.
// Next door: action/cut says what those are.
package sqs
