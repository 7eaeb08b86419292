package cli

import (
	"jobzero/internal/event"
	"jobzero/internal/source"
)

// reading takes what the files give.
type reading struct {
	window  *source.Dedupe
	tally   *tally
	letters *letters // nil: they are only counted
	add     func(*event.Event)
}

// Event judges an event that was not seen before.
func (r *reading) Event(e *event.Event) error {
	if !r.window.First(e.Key()) {
		r.tally.duplicates++
		return nil
	}
	r.add(e)
	return nil
}

// DeadLetter keeps what could not be read.
func (r *reading) DeadLetter(d source.DeadLetter) error {
	r.tally.letter(d)
	if r.letters == nil {
		return nil
	}
	return r.letters.write(d)
}

// Skipped remembers what was no log.
func (r *reading) Skipped(path, reason string) { r.tally.skip(path, reason) }
