// Package verdicttest runs the .test files beside verdicts.
//
// It is: one verdict, asked about what a case says is found and known.
// It takes: a verdict and a .test file: a finding, its account and resource, and what an inquiry has read.
// It gives: for each case whether the verdict applies, does not or cannot be told, and whether it would close the finding, as the case says.
// Next door: verdict has the language; cli runs the tests.
package verdicttest
