// Package cwlogs opens what CloudWatch Logs sends to subscribers.
//
// It is: a reader of envelopes around log events, and of applications' own logs in JSON.
// It takes: envelopes as JSON, or packed and in base64 as streams and functions get them; and which log each log group holds.
// It gives: what the group's own reader makes of each log event, and by name the groups for which nobody named a log.
// Next door: line has the tools, logs gives it the readers of the other logs.
package cwlogs
