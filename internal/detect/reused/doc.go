// Package reused finds credentials at work that software has shut: the key still works somewhere, or a session that was made with it before
// outlives it.
//
// It is: the credentials that effects have shut, to be asked about each event.
// It takes: effects, events, and the long-term key that an event's session leads back to.
// It gives: which effect did not hold, and the finding of it.
// Next door: action says what an effect shuts; triage brings the finding to the ticket that the effect was made for.
package reused
