package cli

import (
	"bytes"
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/detect/baseline"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/event"
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
	event *event.Event
	match detect.Match
	story *baseline.Story // in place of a rule, when it is a principal that behaves unlike itself
}

// part is what one worker makes of a piece of the input.
type part struct {
	engine  detect.Engine
	follow  *follow.Follower
	window  *source.Dedupe
	seen    []source.Stamp // of every event
	hits    []hit
	of      []int           // of each hit: the event, by its number in seen
	chain   []correlate.Hit // for correlations
	chainOf []int           // likewise
	dead    []source.DeadLetter
	skipped []named
	bytes   int            // of what is kept
	learn   bool           // keep every event
	events  []*event.Event // then all of them; nil for a duplicate, once fresh has been called
}

// named is a file that was no log, and why.
type named struct{ path, reason string }

// parts makes parts and uses their memory again.
type parts struct {
	engine detect.Engine
	follow *follow.Follower
	window *source.Dedupe
	learn  bool // every event is wanted, see part
	free   sync.Pool
}

func (p *parts) open() *part {
	if old, ok := p.free.Get().(*part); ok {
		return old
	}
	return &part{engine: p.engine, follow: p.follow, window: p.window, learn: p.learn}
}

func (p *parts) close(old *part) {
	clear(old.hits) // the events are not for keeping
	clear(old.dead)
	clear(old.chain)
	clear(old.events)
	old.events = old.events[:0]
	old.chain, old.chainOf = old.chain[:0], old.chainOf[:0]
	old.seen, old.hits, old.of, old.dead, old.skipped, old.bytes = old.seen[:0], old.hits[:0], old.of[:0], old.dead[:0], nil, 0
	p.free.Put(old)
}

// Record judges a record where it lies. Only what a rule fires on becomes an event.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	account, id := r.Get(event.RecipientAccountID), r.Get(event.EventID)
	stamp, ok := p.window.Stamp(account, id)
	matches := p.engine.Detect(r)
	if ok && len(matches) == 0 && !p.learn {
		p.seen = append(p.seen, stamp)
		return nil
	}
	e, err := cloudtrail.Parse(bytes.Clone(r.Raw), origin)
	if err != nil {
		return err // a plain record is one that Parse takes
	}
	p.take(e, matches)
	return nil
}

// Event judges an event.
func (p *part) Event(e *event.Event) error {
	p.take(e, p.engine.Detect(e.Record()))
	return nil
}

func (p *part) take(e *event.Event, matches []detect.Match) {
	p.seen = append(p.seen, p.window.StampOf(e.Key()))
	if p.learn {
		p.events = append(p.events, e)
	}
	for _, m := range matches {
		if p.follow.Silent(m.Rule.ID) {
			continue
		}
		p.hits = append(p.hits, hit{event: e, match: m})
		p.of = append(p.of, len(p.seen)-1)
	}
	for _, h := range p.follow.Hits(e, matches, func() string { return reference(e) }) {
		p.chain = append(p.chain, h)
		p.chainOf = append(p.chainOf, len(p.seen)-1)
	}
	if len(matches) > 0 || p.learn {
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

// fresh gives the hits of events that were not seen before, those for correlations, and how many events were seen. It is called
// for one part after another, so that of two records the one that comes first in the input counts, whoever was quicker.
func (p *part) fresh() (hits []hit, chain []correlate.Hit, duplicates int64) {
	next, link := 0, 0
	for i, s := range p.seen {
		first := p.window.FirstStamp(s)
		if !first {
			duplicates++
			if p.learn {
				p.events[i] = nil
			}
		}
		for ; next < len(p.of) && p.of[next] == i; next++ {
			if first {
				hits = append(hits, p.hits[next])
			}
		}
		for ; link < len(p.chainOf) && p.chainOf[link] == i; link++ {
			if first {
				chain = append(chain, p.chain[link])
			}
		}
	}
	return hits, chain, duplicates
}
