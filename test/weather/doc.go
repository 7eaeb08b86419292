// Package weather makes the emulator behave like AWS on a bad day.
//
// It is: a small reverse proxy with a script, before an emulator that nobody has changed.
// It takes: the emulator's address and the spells of the day: what goes wrong with which calls, how often and how many times.
// It gives: an address for the house, and a count of what went wrong, so that a story shows that there was weather at all.
// Next door: test/story; the product must not import it.
package weather
