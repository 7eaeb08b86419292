// Package freeze knows when changes are frozen.
//
// It is: calendars of change freezes, as people keep them in their calendars.
// It takes: iCalendar (RFC 5545): events with start and end, whole days, and those that repeat.
// It gives: whether changes are frozen at a time, by which event, and until when.
// Next door: playbook holds what it would change meanwhile; config names the files.
package freeze
