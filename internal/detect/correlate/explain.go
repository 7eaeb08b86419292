package correlate

import (
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
)

// Progress is how far a window of a group is.
type Progress struct {
	From, To time.Time // the window
	Hits     int       // held in it
	Value    float64
	Holds    bool
	Missing  []string // watched rules without a hit in it
	Firing   bool     // a firing that is not final covers the time
	Found    string   // what is in it and what is wanted, in words; empty without hits
	Text     string   // all of that in words, and what has to happen before it is judged
}

// Explain says how far the window at a time is: the one that ends then or, for windows that are judged when they are over,
// the last one that was opened by then. An error is fault.NotFound.
func (m *Machine) Explain(correlation string, groupValues []string, at time.Time) (Progress, error) {
	r := m.runners[correlation]
	if r == nil {
		return Progress{}, fault.New(fault.NotFound, "no correlation %q", correlation)
	}
	now, ok := micros(at)
	if !ok {
		return Progress{}, fault.New(fault.Invalid, "no time to explain: %s", at)
	}
	g := r.groups[string(appendList(nil, groupValues))]
	if g == nil {
		g = &group{}
	}
	p := Progress{From: moment(now - r.span), To: moment(now)}
	lo, hi := g.since(now-r.span), g.since(now+1)
	if r.mode != trailing {
		lo, hi = r.lastOpened(g, now)
		if lo < hi {
			p.From, p.To = moment(g.hits[lo].at), moment(g.hits[lo].at+r.span)
		}
	}
	var seen uint32
	r.meter.reset()
	for i := lo; i < hi; i++ {
		r.meter.push(&g.hits[i])
		seen |= g.hits[i].rules
	}
	p.Hits = hi - lo
	p.Value, p.Holds = r.holds(p.From.UnixMicro())
	p.Holds = p.Holds && p.Hits > 0
	p.Missing = r.named(^seen & (1<<len(r.spec.Rules) - 1))
	p.Firing = slices.ContainsFunc(g.bursts(), func(b burst) bool { return now >= r.begin(&b) && now <= b.last })
	if p.Hits > 0 {
		p.Found = r.found(p.Value) + " (" + r.demand() + ")"
	}
	p.Text = r.tellProgress(&p, groupValues)
	return p, nil
}

// lastOpened is the last window that was opened by a time.
func (r *runner) lastOpened(g *group, now int64) (lo, hi int) {
	if r.mode == opened {
		if n := g.since(now + 1); n > 0 {
			lo = g.since(g.hits[n-1].at)
			return lo, g.since(g.hits[lo].at + r.span + 1)
		}
		return 0, 0
	}
	for {
		if hi = lo; lo >= len(g.hits) || g.hits[lo].at > now {
			return lo, hi
		}
		hi = g.since(g.hits[lo].at + r.span + 1)
		if hi == len(g.hits) || g.hits[hi].at > now {
			return lo, hi
		}
		lo = hi
	}
}

func (r *runner) tellProgress(p *Progress, group []string) string {
	s := "from " + clock(p.From) + " to " + clock(p.To)
	if who := r.who(group); who != "" {
		s = who + ", " + s
	}
	if p.Hits == 0 {
		s += ": nothing is held"
	} else {
		s += ": " + p.Found
	}
	if r.spec.temporal() && len(p.Missing) > 0 {
		s += "; no hit of " + strings.Join(p.Missing, ", ")
	}
	if p.Holds {
		s += "; it holds"
	} else {
		s += "; it does not hold"
	}
	switch w := r.watermark; {
	case w == never:
		s += "; a source is yet to be heard of, so that nothing is final"
	case r.mode != trailing && p.Hits > 0:
		s += "; judged when the watermark, now " + clock(moment(w)) + ", has passed " + clock(p.To)
	case p.To.UnixMicro() >= w:
		s += "; hits after " + clock(moment(w)) + " may still come on time"
	case p.From.UnixMicro() < w-r.span:
		s += "; hits before " + clock(moment(w-r.span)) + " are no longer held, as no hit on time can need them"
	default:
		s += "; no hit on time can change it"
	}
	return s
}
