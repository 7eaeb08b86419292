// Package sns closes topics.
//
// It is: the SNS action.
// It takes: a topic, by its ARN.
// It gives: a policy without its public statements.
// Next door: action/cut says what those are.
package sns
