// Package booktest runs the .test files beside playbooks.
//
// It is: the director that carries playbooks out in earnest, on a store in memory, with a world and people that a case plays.
// It takes: a playbook and a .test file: what is found, what is known, what actions answer, and what people say when.
// It gives: for each case, in plan and in enforce mode, whether the steps went as it says.
// Next door: book has the language; cli runs the tests.
package booktest
