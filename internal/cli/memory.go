package cli

import "runtime/debug"

// How a reading of many logs spends memory. It makes little garbage beside what it keeps, so that collecting it as eagerly as a
// service does costs a tenth of the time and saves nothing; near the limit it is collected as eagerly as can be.
const (
	readingPercent = 400
	readingLimit   = 192 << 20
)

// spendMemory lets the garbage grow for the time of a reading; what it gives sets things back.
func spendMemory() (back func()) {
	percent, limit := debug.SetGCPercent(readingPercent), debug.SetMemoryLimit(readingLimit)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// keepingPercent lets what is kept be two thirds garbage at the most: of an estate of a million resources that is two gigabytes.
const keepingPercent = 200

// keepMuch is spendMemory for a reading of which much is kept, where a limit would have the collector run all the time.
func keepMuch() (back func()) {
	percent := debug.SetGCPercent(keepingPercent)
	return func() { debug.SetGCPercent(percent) }
}
