// Package quality measures the embedded rules on published samples that nobody here wrote.
//
// It is: readers of those samples, one judge for all of them, and the page that says what came of it.
// It takes: the folders of the corpus, and a short text that says why a rule of ours and somebody else's verdict differ.
// It gives: for each corpus the alerts that were expected and those that came, precision, recall, and a reason for each miss.
// Next door: content/rules is what is measured, detect/sigma the engine; docs/explanation/detection-quality.md is the page.
package quality
