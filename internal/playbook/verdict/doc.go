// Package verdict is what software believes of a finding, as rules that people write.
//
// It is: the language of verdicts: for which findings, under which condition, what then is believed, how surely, and whether that closes it.
// It takes: YAML, strictly; and a finding with what an inquiry has read about it.
// It gives: the verdict that counts, what could not be known, and whether software may close the finding by it.
// Next door: book has the words of conditions; playbook makes the inquiry; content/verdicts holds those that come along.
package verdict
