// Package awsorg is the way into the accounts of an organisation.
//
// It is: the only place that assumes roles, and the one place that says what an AWS error means.
// It takes: the program's own credentials and the names of three roles that stand in the accounts.
// It gives: throttled SDK configurations: one that may only read, and ones narrowed to the calls of a plan.
// Next door: inventory reads with them, action writes with them, source empties the hub's queues.
package awsorg
