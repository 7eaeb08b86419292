// Package app builds the house and runs it.
//
// It is: one straight line from a configuration to a running road, the reload of what people write, and the end in reverse.
// It takes: a config.Config and a logger.
// It gives: a House to start, reload and stop; the command line and the stories do so.
// Next door: cli starts it; every room of the first floor is joined here and nowhere else.
package app
