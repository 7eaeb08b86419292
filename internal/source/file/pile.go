package file

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

// Pile is what the parts of most readings have in common: which events were seen, and what was none.
type Pile struct {
	Seen  []source.Stamp // of every event
	Dead  []source.DeadLetter
	Left  []Left
	Bytes int // of what is kept
}

// Left is something that was no log, and why.
type Left struct{ Path, Reason string }

// DeadLetter keeps what could not be read.
func (p *Pile) DeadLetter(d source.DeadLetter) error {
	p.Dead = append(p.Dead, d)
	p.Bytes += len(d.Bytes)
	return nil
}

// Skipped remembers what was no log.
func (p *Pile) Skipped(path, reason string) { p.Left = append(p.Left, Left{path, reason}) }

// Full says that another part shall go on.
func (p *Pile) Full() bool { return len(p.Seen) >= partEvents || p.Bytes >= partBytes }

// Reset empties the pile and keeps its memory.
func (p *Pile) Reset() {
	clear(p.Dead)
	p.Seen, p.Dead, p.Left, p.Bytes = p.Seen[:0], p.Dead[:0], nil, 0
}

// Unread hands on what could not be read and what was no log.
func (p *Pile) Unread(letter func(source.DeadLetter) error, skipped func(path, reason string)) error {
	for _, d := range p.Dead {
		if err := letter(d); err != nil {
			return err
		}
	}
	for _, l := range p.Left {
		skipped(l.Path, l.Reason)
	}
	return nil
}

// EventOf makes an event of a record that was lent.
func EventOf(r *event.Record, origin event.Origin) (*event.Event, error) {
	plain := *r
	plain.Raw = bytes.Clone(r.Raw)
	return cloudtrail.Take(plain, origin)
}
