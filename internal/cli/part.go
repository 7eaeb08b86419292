package cli

import (
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/event"
	"jobzero/internal/source"
)

// hit is one rule that fired on one event.
type hit struct {
	event *event.Event
	match detect.Match
}

// part is what one worker makes of a piece of the input.
type part struct {
	pile
	engine  detect.Engine
	follow  *follow.Follower
	hits    []hit
	of      []int           // of each hit: the event, by its number in seen
	chain   []correlate.Hit // for correlations
	chainOf []int           // likewise
}

// parts makes parts and uses their memory again.
type parts struct {
	engine detect.Engine
	follow *follow.Follower
	window *source.Dedupe
	free   sync.Pool
}

func (p *parts) open() *part {
	if old, ok := p.free.Get().(*part); ok {
		return old
	}
	return &part{engine: p.engine, follow: p.follow, pile: pile{window: p.window}}
}

func (p *parts) close(old *part) {
	old.reset()
	clear(old.hits) // the events are not for keeping
	clear(old.chain)
	old.hits, old.of, old.chain, old.chainOf = old.hits[:0], old.of[:0], old.chain[:0], old.chainOf[:0]
	p.free.Put(old)
}

// Record judges a record where it lies. Only what a rule fires on becomes an event.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	account, id := r.Get(event.RecipientAccountID), r.Get(event.EventID)
	stamp, ok := p.window.Stamp(account, id)
	matches := p.engine.Detect(r)
	if ok && len(matches) == 0 {
		p.seen = append(p.seen, stamp)
		return nil
	}
	e, err := eventOf(r, origin)
	if err != nil {
		return err
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
	for _, m := range matches {
		if p.follow.Silent(m.Rule.ID) {
			continue
		}
		p.hits = append(p.hits, hit{e, m})
		p.of = append(p.of, len(p.seen)-1)
	}
	for _, h := range p.follow.Hits(e, matches, func() string { return reference(e) }) {
		p.chain = append(p.chain, h)
		p.chainOf = append(p.chainOf, len(p.seen)-1)
	}
	if len(matches) > 0 {
		p.bytes += len(e.Raw)
	}
}

// fresh gives the hits of events that were not seen before, those for correlations, and how many events were seen. It is called
// for one part after another, so that of two records the one that comes first in the input counts, whoever was quicker.
func (p *part) fresh() (hits []hit, chain []correlate.Hit, duplicates int64) {
	next, link := 0, 0
	for i, s := range p.seen {
		first := p.window.FirstStamp(s)
		if !first {
			duplicates++
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
