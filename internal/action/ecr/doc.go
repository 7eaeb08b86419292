// Package ecr closes repositories.
//
// It is: the ECR action.
// It takes: a repository, by its name.
// It gives: a policy without its public statements.
// Next door: action/cut says what those are.
package ecr
