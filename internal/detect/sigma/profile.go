package sigma

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"jobzero/internal/detect"
	"jobzero/internal/event"
)

// Profile is an engine that also finds out what each rule costs. Counts are exact. Time is measured for the first few records
// of each rule and for one record in timedEvery, so that the clock does not slow the engine down, and put in relation to the
// count. The first rule that asks for a field of a record pays for finding it.
type Profile struct {
	engine *engine
	clock  time.Duration // what looking at the clock costs

	mu    sync.Mutex
	costs []cost
}

const (
	timedEvery = 64
	timedFirst = 16
)

// cost is what one rule has cost.
type cost struct{ candidates, matches, timed, nanos int64 }

// Cost is what one rule costs over many records.
type Cost struct {
	Rule       *detect.Rule
	Candidates int64         // records that the index left possible, and which had to be judged
	Matches    int64         // on how many it fired
	Timed      int64         // candidates whose time was measured
	Time       time.Duration // of all candidates, from those that were timed; unknown, and not nothing, when none was
}

// NewProfile makes a profile of rules as NewEngine makes an engine.
func NewProfile(rules []*Compiled) *Profile {
	var live []*Compiled
	for _, r := range rules {
		if r.Idle == "" {
			live = append(live, r)
		}
	}
	p := &Profile{engine: newEngine(live), clock: time.Hour}
	p.costs = make([]cost, len(p.engine.programs))
	for range 100 {
		begin := time.Now()
		p.clock = min(p.clock, time.Since(begin))
	}
	return p
}

// Meter is an engine for one goroutine that notes what the rules cost. What it has noted counts after Flush.
func (p *Profile) Meter() *Meter {
	return &Meter{of: p, view: newView(p.engine.fields), costs: make([]cost, len(p.costs)), first: make([]uint8, len(p.costs))}
}

// Meter judges records as the engine does. It is not safe for concurrent use.
type Meter struct {
	of      *Profile
	view    *view
	turn    uint
	costs   []cost
	first   []uint8 // how many of the first candidates of each rule were timed
	touched []int   // rules with a cost that is not flushed
}

// Detect gives the rules that fire on a record.
func (m *Meter) Detect(r *event.Record) []detect.Match {
	g := m.of.engine
	if !g.looks(r) {
		return nil
	}
	m.view.begin(r)
	m.turn++
	all := m.turn%timedEvery == 0
	var out []detect.Match
	for _, i := range g.index.candidates(r, m.view) {
		c := &m.costs[i]
		if c.candidates == 0 {
			m.touched = append(m.touched, i)
		}
		c.candidates++
		before := len(out)
		switch {
		case all || m.first[i] < timedFirst:
			begin := time.Now()
			out = g.judge(i, m.view, out)
			c.nanos += max(0, int64(time.Since(begin)-m.of.clock))
			c.timed++
			m.first[i] = min(m.first[i]+1, timedFirst)
		default:
			out = g.judge(i, m.view, out)
		}
		c.matches += int64(len(out) - before)
	}
	m.view.record, m.view.all = nil, nil
	return out
}

// Flush adds what was noted to the profile.
func (m *Meter) Flush() {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	for _, i := range m.touched {
		c, sum := &m.costs[i], &m.of.costs[i]
		sum.candidates += c.candidates
		sum.matches += c.matches
		sum.timed += c.timed
		sum.nanos += c.nanos
		*c = cost{}
	}
	m.touched = m.touched[:0]
}

// Costs gives what each rule has cost, the dearest first. Rules that can never match are not among them.
func (p *Profile) Costs() []Cost {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Cost, len(p.costs))
	for i, c := range p.costs {
		out[i] = Cost{Rule: &p.engine.programs[i].rule.Rule, Candidates: c.candidates, Matches: c.matches, Timed: c.timed}
		if c.timed > 0 {
			out[i].Time = time.Duration(float64(c.nanos) * float64(c.candidates) / float64(c.timed))
		}
	}
	slices.SortStableFunc(out, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Candidates, a.Candidates))
	})
	return out
}
