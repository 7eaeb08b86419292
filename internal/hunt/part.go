package hunt

import (
	"sync"

	"jobzero/internal/detect"
	"jobzero/internal/detect/correlate"
	"jobzero/internal/detect/follow"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// part is what one worker makes of a piece of the input.
type part struct {
	*parts
	judge detect.Engine
	file.Pile
	hits    []Hit
	of      []int           // of each hit: the event, by its number in seen
	chain   []correlate.Hit // for correlations
	chainOf []int           // likewise
	outside int64
	span    span           // of the events
	events  []*event.Event // all of them when baselines learn; nil for a duplicate, once fresh has been called
	waiting []*event.Event // rules that ask who is behind it may fire on them
	waitsOf []int          // likewise
	grants  []*lineage.Grant
}

// parts makes parts and uses their memory again.
type parts struct {
	engine  func() detect.Engine // one for each part
	follow  *follow.Follower
	scopes  *scope.Scopes
	window  archive.Window
	all     bool // the window is everything
	spanned bool // the span of the events is asked for
	learns  bool // every event is wanted
	behind  *behind
	also    detect.Engine // nil: only the rules judge
	glimpse bool          // somebody else judges the correlations
	late    bool          // the engine's rules ask who is behind an event
	known   *source.Dedupe
	free    sync.Pool
}

func (p *parts) open() *part {
	if old, ok := p.free.Get().(*part); ok {
		return old
	}
	return &part{parts: p, judge: p.engine()}
}

func (p *parts) close(old *part) {
	if m, ok := old.judge.(*sigma.Meter); ok {
		m.Flush()
	}
	old.Reset()
	old.outside, old.span = 0, span{}
	clear(old.hits) // the events are not for keeping
	clear(old.chain)
	clear(old.events)
	clear(old.waiting)
	clear(old.grants)
	old.events, old.waiting, old.waitsOf, old.grants = old.events[:0], old.waiting[:0], old.waitsOf[:0], old.grants[:0]
	old.hits, old.of, old.chain, old.chainOf = old.hits[:0], old.of[:0], old.chain[:0], old.chainOf[:0]
	p.free.Put(old)
}

// Record judges a record where it lies. Only what a rule fires on becomes an event.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	p.grant(r)
	if !p.all && !p.window.Holds(r) {
		p.outside++
		return nil
	}
	if p.spanned {
		p.span.record(r)
	}
	account, id := r.Get(event.RecipientAccountID), r.Get(event.EventID)
	stamp, ok := p.known.Stamp(account, id)
	matches, waits := p.detect(r), p.waits(r)
	if ok && len(matches) == 0 && !waits && !p.learns {
		p.Seen = append(p.Seen, stamp)
		return nil
	}
	e, err := file.EventOf(r, origin)
	if err != nil {
		return err // a plain record is one that can be taken
	}
	p.take(e, matches, waits)
	return nil
}

// Event judges an event.
func (p *part) Event(e *event.Event) error {
	p.grant(e.Record())
	if !p.all && !p.window.HoldsEvent(e) {
		p.outside++
		return nil
	}
	if p.spanned {
		p.span.add(e.Time)
	}
	p.take(e, p.detect(e.Record()), p.waits(e.Record()))
	return nil
}

// detect judges a record by all that judges.
func (p *part) detect(r *event.Record) []detect.Match {
	matches := p.judge.Detect(r)
	if p.also != nil {
		matches = append(matches, p.also.Detect(r)...)
	}
	return matches
}

// grant takes what a record says of sessions, wherever it is in time.
func (p *part) grant(r *event.Record) {
	if p.late || p.behind.always || p.behind.foresee == nil {
		return
	}
	if g := lineage.Read(r); g != nil {
		p.grants = append(p.grants, g)
	}
}

// waits reports whether one of the rules that are judged at the end may fire on a record.
func (p *part) waits(r *event.Record) bool {
	return !p.late && !p.behind.always && p.behind.foresee != nil && p.behind.foresee.May(r)
}

func (p *part) take(e *event.Event, matches []detect.Match, waits bool) {
	p.Seen = append(p.Seen, p.known.StampOf(e.Key()))
	if p.learns {
		p.events = append(p.events, e)
	}
	if waits {
		p.waiting = append(p.waiting, e)
		p.waitsOf = append(p.waitsOf, len(p.Seen)-1)
	}
	matches = p.scopes.Matches(matches, e)
	for _, m := range matches {
		if p.follow.Silent(m.Rule.ID) {
			continue
		}
		p.hits = append(p.hits, Hit{Event: e, Match: m, late: p.late})
		p.of = append(p.of, len(p.Seen)-1)
	}
	for _, h := range p.follow.Hits(e, matches, func() string { return p.reference(e) }) {
		p.chain = append(p.chain, h)
		p.chainOf = append(p.chainOf, len(p.Seen)-1)
	}
	if len(matches) > 0 || waits || p.learns {
		p.Bytes += len(e.Raw)
	}
}

// news is what is new in a part.
type news struct {
	hits       []Hit
	chain      []correlate.Hit
	waiting    []*event.Event
	duplicates int64 // events that were seen before
}

// fresh gives what comes of events that were not seen before. It is called for one part after another, so that of two records
// the one that comes first in the input counts, whoever was quicker.
func (p *part) fresh() (n news) {
	next, link, wait := 0, 0, 0
	for i, s := range p.Seen {
		first := p.known.FirstStamp(s)
		if !first {
			n.duplicates++
			if p.learns {
				p.events[i] = nil
			}
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
