// Package agreement holds the embedded expectations against labelled corpora that nobody here wrote.
//
// It is: readers of those labels, a map from their controls to our expectations, one judge, and the page that says what came of it.
// It takes: the folders of the corpus, CORPUS.txt with the map and the floors, CORPUS.reasons.txt with a reason for each disagreement.
// It gives: for each corpus how many labels an expectation of ours is about, and with how many of those it agrees.
// Next door: internal/check is what judges, content/expectations by what; docs/reference/agreement.md is the page.
package agreement
