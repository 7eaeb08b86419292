// Package secretsmanager closes secrets, and has them replaced.
//
// It is: the Secrets Manager actions.
// It takes: a secret, by its ARN.
// It gives: a policy without its public statements; a value that nobody else knows.
// Next door: action/cut says what public statements are.
package secretsmanager
