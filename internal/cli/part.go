package cli

import (
	"bytes"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/cloudtrail"
)

// The size of a part. Bytes count too: a hundred records of a megabyte must not stand in memory several times over.
const (
	partEvents = 8192
	partBytes  = 1 << 20
)

// hit is one rule that fired on one event.
type hit struct {
	event  *event.Event
	match  detect.Match
	late   bool   // of a rule that asked who is behind it
	behind string // who is, in words
}

// part is what one worker makes of a piece of the input.
type part struct {
	*parts
	seen    []source.Stamp // of every event
	hits    []hit
	of      []int           // of each hit: the event, by its number in seen
	chain   []correlate.Hit // for correlations
	chainOf []int           // likewise
	waiting []*event.Event  // rules that ask who is behind it may fire on them
	waitsOf []int           // likewise
	grants  []*lineage.Grant
	dead    []source.DeadLetter
	skipped []named
	bytes   int // of what is kept
}

// named is a file that was no log, and why.
type named struct{ path, reason string }

// parts makes parts and uses their memory again.
type parts struct {
	engine detect.Engine
	follow *follow.Follower
	window *source.Dedupe
	behind *behind // nil: nobody wants to know
	late   bool    // the engine's rules ask who is behind an event
	free   sync.Pool
}

func (p *parts) open() *part {
	if old, ok := p.free.Get().(*part); ok {
		return old
	}
	return &part{parts: p}
}

func (p *parts) close(old *part) {
	clear(old.hits) // the events are not for keeping
	clear(old.dead)
	clear(old.chain)
	clear(old.waiting)
	clear(old.grants)
	old.waiting, old.waitsOf, old.grants = old.waiting[:0], old.waitsOf[:0], old.grants[:0]
	old.chain, old.chainOf = old.chain[:0], old.chainOf[:0]
	old.seen, old.hits, old.of, old.dead, old.skipped, old.bytes = old.seen[:0], old.hits[:0], old.of[:0], old.dead[:0], nil, 0
	p.free.Put(old)
}

// Record judges a record where it lies. Only what a rule fires on becomes an event.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	account, id := r.Get(event.RecipientAccountID), r.Get(event.EventID)
	stamp, ok := p.window.Stamp(account, id)
	matches, waits := p.look(r)
	if ok && len(matches) == 0 && !waits {
		p.seen = append(p.seen, stamp)
		return nil
	}
	e, err := cloudtrail.Parse(bytes.Clone(r.Raw), origin)
	if err != nil {
		return err // a plain record is one that Parse takes
	}
	p.take(e, matches, waits)
	return nil
}

// Event judges an event.
func (p *part) Event(e *event.Event) error {
	matches, waits := p.look(e.Record())
	p.take(e, matches, waits)
	return nil
}

// look judges a record by the rules that can be judged at once, takes what it says of sessions, and gives whether one of the other
// rules may fire on it.
func (p *part) look(r *event.Record) (matches []detect.Match, waits bool) {
	if b := p.behind; b != nil && !p.late && !b.always && b.foresee != nil {
		if g := lineage.Read(r); g != nil {
			p.grants = append(p.grants, g)
		}
		waits = b.foresee.May(r)
	}
	return p.engine.Detect(r), waits
}

func (p *part) take(e *event.Event, matches []detect.Match, waits bool) {
	p.seen = append(p.seen, p.window.StampOf(e.Key()))
	if waits {
		p.waiting = append(p.waiting, e)
		p.waitsOf = append(p.waitsOf, len(p.seen)-1)
	}
	for _, m := range matches {
		if p.follow.Silent(m.Rule.ID) {
			continue
		}
		p.hits = append(p.hits, hit{event: e, match: m, late: p.late})
		p.of = append(p.of, len(p.seen)-1)
	}
	for _, h := range p.follow.Hits(e, matches, func() string { return p.reference(e) }) {
		p.chain = append(p.chain, h)
		p.chainOf = append(p.chainOf, len(p.seen)-1)
	}
	if len(matches) > 0 || waits {
		p.bytes += len(e.Raw)
	}
}

// DeadLetter keeps what could not be read.
func (p *part) DeadLetter(d source.DeadLetter) error {
	p.dead = append(p.dead, d)
	p.bytes += len(d.Bytes)
	return nil
}

// Skipped remembers what was no log.
func (p *part) Skipped(path, reason string) { p.skipped = append(p.skipped, named{path, reason}) }

// Full says that another part shall go on.
func (p *part) Full() bool { return len(p.seen) >= partEvents || p.bytes >= partBytes }

// news is what is new in a part.
type news struct {
	hits       []hit
	chain      []correlate.Hit
	waiting    []*event.Event
	duplicates int64 // events that were seen before
}

// fresh gives what comes of events that were not seen before. It is called for one part after another, so that of two records
// the one that comes first in the input counts, whoever was quicker.
func (p *part) fresh() (n news) {
	next, link, wait := 0, 0, 0
	for i, s := range p.seen {
		first := p.window.FirstStamp(s)
		if !first {
			n.duplicates++
		}
		for ; next < len(p.of) && p.of[next] == i; next++ {
			if first {
				n.hits = append(n.hits, p.hits[next])
			}
		}
		for ; link < len(p.chainOf) && p.chainOf[link] == i; link++ {
			if first {
				n.chain = append(n.chain, p.chain[link])
			}
		}
		for ; wait < len(p.waitsOf) && p.waitsOf[wait] == i; wait++ {
			if first {
				n.waiting = append(n.waiting, p.waiting[wait])
			}
		}
	}
	return n
}
