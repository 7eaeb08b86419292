// Package sketch is what a stream leaves behind in little memory.
//
// It is: three small summaries: of sizes, of how many different things, and of mean and spread; and their bytes.
// It takes: numbers and hashes, one at a time.
// It gives: how likely something as large is, how many different things there were, what is usual.
// Next door: detect/baseline and detect/baseline/series build their detectors on it.
package sketch
