// Package world is the world outside jobzero, for the demo and the stories.
//
// It is: an emulator with a hub and two member accounts, people who make mistakes in them, and the bus that tells of it.
// It takes: a folder to work in and the program to watch.
// It gives: offences made through the real API, the events that AWS would have sent, and a running house to watch settle them.
// Next door: test/demo and test/story; the product must not import it.
package world

// The made-up organisation.
const (
	Hub     = "999900001111" // where jobzero runs
	Prod    = "111122223333"
	Sandbox = "444455556666"
	Region  = "us-east-1"
)
