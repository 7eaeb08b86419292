// Package testmoto starts the AWS emulator that tests and the demo talk to.
//
// It is: a process of its own (moto_server), found on this machine, never vendored and never changed.
// It takes: an endpoint or a program named in the environment, else the first moto_server it finds.
// It gives: an endpoint, SDK configurations per made-up account, and a record of every call that was made.
// Next door: tests and the demo driver only; the product must not import it.
package testmoto
