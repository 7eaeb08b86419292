// Package telemetry is how the program speaks of itself.
//
// It is: the logger, the metrics, and a kind of text that cannot be printed.
// It takes: log settings, and what flow, source and app report while they work.
// It gives: a slog logger, a Prometheus page, and Secret for everything that must not be seen.
// Next door: flow reports its legs here, api serves the page, config holds the settings.
package telemetry
