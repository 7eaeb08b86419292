// Package queue takes messages from an SQS queue.
//
// It is: a long-poll consumer that deletes a message only after its handler has returned without error.
// It takes: a queue's URL and a handler that reads the body and commits what was in it.
// It gives: at-least-once delivery: an error, a crash or a lost network leaves the message with the queue.
// Next door: source/eventbridge and source/s3notify are the handlers.
package queue
