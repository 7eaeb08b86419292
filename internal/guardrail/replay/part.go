package replay

import (
	"bytes"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source"
	"jobzero/internal/source/archive"
	"jobzero/internal/source/file"
)

// part is what one worker makes of a piece of the input.
type part struct {
	file.Pile
	judge   *judge
	window  archive.Window
	known   *source.Dedupe
	answers []short // one for each of Seen
	hits    []hit
	of      []int // of each hit: its number in Seen
	raws    map[string][]byte
	grants  []*lineage.Grant
	outside int64
}

// short is an answer for the totals.
type short struct {
	outcome policy.Outcome
	reason  string
	unknown string // the first of what is not known
}

// hit is a call that is denied or undecided.
type hit struct {
	key    key
	at     time.Time
	id     string
	failed bool // it failed by itself
}

// Record judges a record where it lies.
func (p *part) Record(r *event.Record, origin event.Origin) error {
	if g := lineage.Read(r); g != nil {
		p.grants = append(p.grants, g)
	}
	if !p.window.Empty() && !p.window.Holds(r) {
		p.outside++
		return nil
	}
	stamp, ok := p.known.Stamp(r.Get(event.RecipientAccountID), r.Get(event.EventID))
	if !ok {
		e, err := file.EventOf(r, origin)
		if err != nil {
			return err
		}
		stamp = p.known.StampOf(e.Key())
	}
	p.take(r, stamp)
	return nil
}

// Event judges an event.
func (p *part) Event(e *event.Event) error {
	r := e.Record()
	if g := lineage.Read(r); g != nil {
		p.grants = append(p.grants, g)
	}
	if !p.window.Empty() && !p.window.HoldsEvent(e) {
		p.outside++
		return nil
	}
	p.take(r, p.known.StampOf(e.Key()))
	return nil
}

func (p *part) take(r *event.Record, stamp source.Stamp) {
	a := p.judge.of(r)
	s := short{outcome: a.outcome, reason: a.reason}
	if a.outcome == policy.Denied || a.outcome == policy.Undecided {
		if len(a.decision.Unknown) > 0 && a.outcome == policy.Undecided {
			s.unknown = a.decision.Unknown[0]
		}
		p.hits = append(p.hits, p.hit(r, a))
		p.of = append(p.of, len(p.Seen))
	}
	p.Seen = append(p.Seen, stamp)
	p.answers = append(p.answers, s)
}

func (p *part) hit(r *event.Record, a answer) hit {
	session, _ := r.Part(event.IdentityARN).Text()
	if session == "" {
		session = a.call.Role
	}
	id, _ := r.Part(event.EventID).Text()
	code, _ := r.Part(event.ErrorCode).Text()
	when, _ := r.Part(event.EventTime).Text()
	at, _ := time.Parse(time.RFC3339Nano, when) // a record without a time has none here either
	if _, there := p.raws[session]; !there {
		p.raws[session] = bytes.Clone(r.Raw)
		p.Bytes += len(r.Raw)
	}
	return hit{newKey(a, session), at.UTC(), id, code != ""}
}
