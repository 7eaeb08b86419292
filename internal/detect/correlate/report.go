package correlate

import (
	"strconv"
	"time"
)

// Counts is what a correlation has done since its state began; it is part of the state.
type Counts struct {
	Taken         int // hits that added something
	Duplicates    int // hits that were known
	Late          int // hits behind the watermark that were still judged, against what was held
	Missed        int // hits so far behind that nothing was held any more: new ones, or copies of ones long judged
	Unusable      int // hits without ID, time or a value to measure
	Firings       int // firings that became final
	EvictedGroups int // groups that had to go for the budget
	EvictedHits   int // hits that had to go for a budget
}

// Report is a correlation's counts and what it holds.
type Report struct {
	Correlation string
	Groups      int
	Watermark   time.Time // zero while a source is yet to be heard of
	Counts
}

// Report gives one for each correlation, those that are watched before those that watch.
func (m *Machine) Report() []Report {
	out := make([]Report, 0, len(m.order))
	for _, r := range m.order {
		out = append(out, Report{Correlation: r.spec.ID, Groups: len(r.groups), Watermark: r.clock(), Counts: r.counts})
	}
	return out
}

// clock is the watermark as a time.
func (r *runner) clock() time.Time {
	if _, ok := micros(moment(r.watermark)); !ok {
		return time.Time{}
	}
	return moment(r.watermark)
}

// Kind is a way in which a hit or a group fails to be judged as it would have been on time and without limits.
type Kind string

// The kinds.
const (
	Late     Kind = "late"     // judged, but only against what was still held
	Missed   Kind = "missed"   // too late to be judged
	Unusable Kind = "unusable" // not to be judged
	Evicted  Kind = "evicted"  // a group had to go
	Crowded  Kind = "crowded"  // the oldest hits of one group had to go
)

// Loss names one case; Counts has them all.
type Loss struct {
	Kind        Kind
	Correlation string
	Group       []string
	Event       string    // none for a group
	Time        time.Time // of the event, or of the group's newest hit
	Hits        int       // how many hits this is about
	Why         string
}

// maxLosses is how many cases are named between two calls of Losses.
const maxLosses = 100

// Losses gives the cases since it was called last, at most 100 of them, and forgets them. They are not part of the state.
func (m *Machine) Losses() []Loss {
	out := m.losses
	m.losses = nil
	return out
}

func (m *Machine) lost(l Loss) {
	if len(m.losses) < maxLosses {
		m.losses = append(m.losses, l)
	}
}

func (r *runner) unusable(h *Hit, k *Key, why string) {
	r.counts.Unusable++
	r.changed = true
	r.m.lost(Loss{Unusable, r.spec.ID, k.Group, h.Event, h.Time, 1, why})
}

func (r *runner) duplicate(a arrival) {
	if !a.derived {
		r.counts.Duplicates++
		r.changed = true
	}
}

// behind notes a hit that came behind the watermark. What follows from one is told only once, where the hit came in.
func (r *runner) behind(a arrival, kind Kind, n *int, why string) {
	if a.derived {
		return
	}
	*n++
	r.changed = true
	if len(r.m.losses) < maxLosses {
		r.m.lost(Loss{kind, r.spec.ID, unpackList(string(a.group)), a.event(), moment(a.at), 1, why})
	}
}

func (r *runner) late(a arrival) {
	r.behind(a, Late, &r.counts.Late, "it came "+r.lag(a.at)+" behind the watermark and was judged against what was still held")
}

func (r *runner) miss(a arrival) {
	r.behind(a, Missed, &r.counts.Missed, "it came "+r.lag(a.at)+" behind the watermark, when its window was no longer held")
}

func (r *runner) lag(at int64) string {
	return length(min(r.watermark-at, maxTimespan.Microseconds()))
}

func (r *runner) lose(kind Kind, g *group, hits int, why string) {
	l := Loss{Kind: kind, Correlation: r.spec.ID, Group: unpackList(g.key), Hits: hits, Why: why + ": " + strconv.Itoa(hits) + " hits let go"}
	if n := len(g.hits); n > 0 {
		l.Time = moment(g.hits[n-1].at)
	}
	r.m.lost(l)
}
