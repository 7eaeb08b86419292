// Package archive finds the log files of some accounts, regions and days among years of them.
//
// It is: the layout in which AWS delivers logs, read from keys and paths, and the listing of a bucket by it.
// It takes: a window of accounts, regions and time, and a bucket or the paths of a copy.
// It gives: the objects that may hold records of the window, as streams to read.
// Next door: source/file reads the streams; the records are still to be held against the window.
package archive
