// Package lint says what is wrong with rules before they run.
//
// It is: one look at folders of rules, as a reader of them and as the person who has to answer their findings.
// It takes: a file system, what rules need to know (sigma.Options), and the ids of the playbooks.
// It gives: problems with file, line and column, each an error or a warning, in the order of the files.
// Next door: detect/sigma reads the rules, cli shows the problems; detect/ruletest runs the tests beside them.
package lint
