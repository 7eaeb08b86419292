// Package console is where people look and act.
//
// It is: pages made on the server, as HTML that can be read without a script; forms that call the same verbs as the commands.
// It takes: a store that it reads and the verbs of triage and playbook; who is visiting, from auth; what the house knows and how its road is.
// It gives: a http.Handler with all pages below /, which api opens the door for.
// Next door: auth says who is asking, api opens the socket, app builds it.
package console
