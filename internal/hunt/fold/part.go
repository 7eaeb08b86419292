package fold

import (
	"sync"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// atOnce is how many records a part has.
const atOnce = 8192

// part is what one worker makes of a piece of the input.
type part struct {
	file.Pile
	window  archive.Window
	all     bool // the window is everything
	reader  *ledger.Reader
	entries []ledger.Entry
	left    map[ledger.Reason]int64
	records int
	outside int64
	again   int64
	known   *known
	place   string   // of the last record
	skip    bool     // its file was read before
	files   []string // that were read
}

// pool uses the memory of parts again, and what their readers remember.
type pool struct {
	graph  *lineage.Graph
	window archive.Window
	known  *known
	free   sync.Pool
}

func (p *pool) open() *part {
	if old, ok := p.free.Get().(*part); ok {
		return old
	}
	return &part{window: p.window, all: p.window.Empty(), known: p.known, reader: ledger.NewReader(p.graph), left: map[ledger.Reason]int64{}}
}

func (p *pool) close(old *part) {
	old.Reset()
	clear(old.entries)
	clear(old.left)
	old.entries, old.records, old.outside, old.again = old.entries[:0], 0, 0, 0
	old.place, old.skip, old.files = "", false, nil
	p.free.Put(old)
}

// Record reads a record where it lies.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	if p.records++; p.before(origin.Place) {
		return nil
	}
	if !p.all && !p.window.Holds(r) {
		p.outside++
		return nil
	}
	p.take(p.reader.Read(r))
	return nil
}

// Event reads an event.
func (p *part) Event(e *event.Event) error {
	if p.records++; p.before(e.Origin.Place) {
		return nil
	}
	if !p.all && !p.window.HoldsEvent(e) {
		p.outside++
		return nil
	}
	p.take(p.reader.Event(e))
	return nil
}

// before reports whether a record's file was read by an earlier run, and notes the file.
func (p *part) before(place string) bool {
	if place != p.place {
		p.place = place
		name, ok := delivered(place)
		p.skip = ok && p.known.has(name)
		if ok && !p.skip && p.all {
			p.files = append(p.files, name)
		}
	}
	if p.skip {
		p.again++
	}
	return p.skip
}

func (p *part) take(e ledger.Entry, why ledger.Reason) {
	if why != ledger.Kept {
		p.left[why]++
		return
	}
	p.entries = append(p.entries, e)
}

// Full says that another part shall go on.
func (p *part) Full() bool { return p.records >= atOnce || p.Pile.Full() }

// learner reads records for what they say of sessions and leaves everything else to the reading that follows.
type learner struct{ grants []*lineage.Grant }

// Record takes what a record says.
func (l *learner) Record(r *event.Record, _ event.Origin) error {
	if g := lineage.Read(r); g != nil {
		l.grants = append(l.grants, g)
	}
	return nil
}

// Event takes what an event says.
func (l *learner) Event(e *event.Event) error { return l.Record(e.Record(), e.Origin) }

// DeadLetter is for the reading that follows.
func (*learner) DeadLetter(source.DeadLetter) error { return nil }

// Skipped is for the reading that follows.
func (*learner) Skipped(string, string) {}

// Full says that another learner shall go on.
func (l *learner) Full() bool { return len(l.grants) >= atOnce }
