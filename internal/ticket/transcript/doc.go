// Package transcript is the chain as a file that proves itself.
//
// It is: JSON Lines of the links of the chain, each with its entry, between a line that says where it begins and one that says where it ends.
// It takes: links and entries in the order of the chain; or a file, of which it keeps one line in memory at a time.
// It gives: the file; or what it holds, or the first line that was edited, removed or put in.
// Next door: store has the chain itself; cli writes and checks the file.
package transcript
