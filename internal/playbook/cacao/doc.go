// Package cacao reads and writes playbooks in the form in which organisations exchange them: CACAO Security Playbooks 2.0 of OASIS.
//
// It is: the objects of CACAO, what has to hold of them, and the way there and back to our own language.
// It takes: the JSON of others, or a definition of ours.
// It gives: a definition in which nothing that CACAO said is lost, or JSON that says in CACAO what it can and the rest in an extension.
// Next door: book is the language that it translates from and to; cli has playbook import and export.
//
// The facts are those of the specification: https://docs.oasis-open.org/cacao/security-playbooks/v2.0/security-playbooks-v2.0.html
package cacao
