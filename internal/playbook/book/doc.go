// Package book is a playbook as people write it.
//
// It is: the language of playbooks: triggers, guards and steps, and the conditions in them.
// It takes: YAML, strictly; what is wrong is told with file, line and column.
// It gives: a definition that is known to hang together, and what may happen next in it, given what has happened.
// Next door: playbook carries definitions out; cacao translates them; content/playbooks holds those that come along.
package book
