// Package reconcile holds the two ways in which CloudTrail's events come against each other.
//
// It is: which events both ways should bring, when one of them is missing, and when a way has fallen silent; pure, no I/O.
// It takes: events with the way that brought them, what each way has brought before, and when this jobzero ran.
// It gives: what to remember of an event until the other way has brought it, and findings about gaps and silence.
// Next door: store keeps what is remembered; app asks once an hour and gives the findings to triage.
package reconcile
