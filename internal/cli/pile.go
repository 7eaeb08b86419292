package cli

import (
	"bytes"

	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
)

// The size of a part. Bytes count too: a hundred records of a megabyte must not stand in memory several times over.
const (
	partEvents = 8192
	partBytes  = 1 << 20
)

// pile is what the parts of every reading have: which events were seen, and what was none.
type pile struct {
	window  *source.Dedupe
	seen    []source.Stamp // of every event
	dead    []source.DeadLetter
	skipped []named
	bytes   int // of what is kept
}

// named is a file that was no log, and why.
type named struct{ path, reason string }

// DeadLetter keeps what could not be read.
func (p *pile) DeadLetter(d source.DeadLetter) error {
	p.dead = append(p.dead, d)
	p.bytes += len(d.Bytes)
	return nil
}

// Skipped remembers what was no log.
func (p *pile) Skipped(path, reason string) { p.skipped = append(p.skipped, named{path, reason}) }

// Full says that another part shall go on.
func (p *pile) Full() bool { return len(p.seen) >= partEvents || p.bytes >= partBytes }

// reset empties the pile and keeps its memory.
func (p *pile) reset() {
	clear(p.dead)
	p.seen, p.dead, p.skipped, p.bytes = p.seen[:0], p.dead[:0], nil, 0
}

// unread counts and keeps what of a part could not be read. Without letters it is only counted.
func (t *tally) unread(p *pile, kept *letters) error {
	for _, d := range p.dead {
		t.letter(d)
		if kept == nil {
			continue
		}
		if err := kept.write(d); err != nil {
			return err
		}
	}
	for _, f := range p.skipped {
		t.skip(f.path, f.reason)
	}
	return nil
}

// eventOf makes an event of a record that was lent. A plain record is one that its parser takes.
func eventOf(r *event.Record, origin event.Origin) (*event.Event, error) {
	return cloudtrail.Parse(bytes.Clone(r.Raw), origin)
}
