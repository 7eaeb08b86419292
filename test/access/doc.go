// Package access holds decisions over calls against those of another evaluator, which nobody here wrote.
//
// It is: a maker of random cases, and the comparison.
// It takes: a seed, and the script of the other evaluator, which runs as a process of its own (test/oracle.sh brings it).
// It gives: no difference that is not explained; a property that needs no other evaluator; a benchmark.
// Next door: internal/access decides; internal/access/cases reads what is made here as anybody's cases.
package access
