// Package hunt runs rules over logs that lie somewhere: files, folders, a bucket.
//
// It is: the one loop of replay, hunt and forecast, on all processors, with bounded memory and findings in the order of the input.
// It takes: a linked set of rules, inputs of source/file, and a window of accounts, regions and time.
// It gives: hits as they are found, those of correlations at the end, what could not be read, and counts.
// Next door: source/archive finds the files, detect judges; cli shows what comes of it.
package hunt
