// Package lake is events as files of a data lake.
//
// It is: a writer of Parquet in the layout that Amazon Security Lake wants of custom sources, in memory that does not depend on
// how much is written, nor on how many places it belongs to.
// It takes: events in OCSF as they come, each as a line of JSON with the place it belongs to.
// It gives: one file for each source, region, account and day, sorted by time, with a column for every attribute of the class.
// Next door: event/ocsf makes the views; cli reads the logs.
package lake
