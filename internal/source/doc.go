// Package source brings in what the world has recorded.
//
// It is: readers of files, queues and objects, and the two things that all of them share: dead letters and the duplicate window.
// It takes: bytes that others wrote, none of them trusted.
// It gives: events for what could be read, reports of other tools' findings, dead letters for what could not, names for what was no record at all.
// Next door: event is the noun it makes; detect and inventory take it from there.
package source
