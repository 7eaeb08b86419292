package sigma

import (
	"cmp"
	"math/bits"
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
	rules  []*detect.Rule
	at     map[*program]int // which of the rules a program is; a rule may judge several logs

	mu    sync.Mutex
	costs []cost
}

const (
	timedEvery = 64
	timedFirst = 16
)

// cost is what one rule has cost. Times are kept apart by their size, as some are not the rule's but those of a thread that was
// put to sleep in the middle.
type cost struct {
	candidates, matches int64
	timed               [sizes]int64
	nanos               [sizes]int64
}

// sizes is how many sizes of times are told apart, each twice the one before; the first is below 64 ns, the last from 2 s.
const sizes = 26

func (c *cost) time(d time.Duration) {
	n := max(0, d.Nanoseconds())
	at := min(sizes-1, bits.Len64(uint64(n)>>6))
	c.timed[at]++
	c.nanos[at] += n
}

func (c *cost) add(o *cost) {
	c.candidates += o.candidates
	c.matches += o.matches
	for i := range sizes {
		c.timed[i] += o.timed[i]
		c.nanos[i] += o.nanos[i]
	}
}

// The times that are taken for a thread's that slept: far above the median, and no more than a few of all.
const (
	farAbove = 6 // sizes: 64 times
	fewOf    = 50
)

// mean is the mean time of a candidate without those of threads that slept, and of how many it is.
func (c *cost) mean() (time.Duration, int64) {
	var all, seen int64
	for _, n := range c.timed {
		all += n
	}
	if all == 0 {
		return 0, 0
	}
	median := 0
	for seen = c.timed[0]; 2*seen < all; seen += c.timed[median] {
		median++
	}
	few := max(1, all/fewOf)
	var far, nanos, timed int64
	for i := range c.timed {
		if i >= median+farAbove {
			far += c.timed[i]
		}
	}
	for i := range c.timed {
		if i < median+farAbove || far > few {
			nanos += c.nanos[i]
			timed += c.timed[i]
		}
	}
	return time.Duration(nanos / timed), timed
}

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
	p := &Profile{engine: newEngine(rules, nil), clock: time.Hour, at: map[*program]int{}}
	seen := map[string]int{}
	for _, b := range p.engine.benches() {
		for i := range b.programs {
			rule := b.programs[i].rule
			n, again := seen[rule.ID]
			if !again {
				n = len(p.rules)
				seen[rule.ID] = n
				p.rules = append(p.rules, &rule.Rule)
			}
			p.at[&b.programs[i]] = n
		}
	}
	p.costs = make([]cost, len(p.rules))
	for range 100 {
		begin := time.Now()
		p.clock = min(p.clock, time.Since(begin))
	}
	return p
}

// Meter is an engine for one goroutine that notes what the rules cost. What it has noted counts after Flush.
func (p *Profile) Meter() *Meter {
	m := &Meter{of: p, views: map[*bench]*view{}, costs: make([]cost, len(p.costs)), first: make([]uint8, len(p.costs))}
	for _, b := range p.engine.benches() {
		m.views[b] = b.views.Get().(*view)
	}
	return m
}

// Meter judges records as the engine does. It is not safe for concurrent use.
type Meter struct {
	of      *Profile
	views   map[*bench]*view
	turn    uint
	costs   []cost
	first   []uint8 // how many of the first candidates of each rule were timed
	touched []int   // rules with a cost that is not flushed
}

// Detect gives the rules that fire on a record.
func (m *Meter) Detect(r *event.Record) []detect.Match {
	g := m.of.engine.bench(r)
	if g == nil || !g.looks(r) {
		return nil
	}
	v := m.views[g]
	v.begin(r)
	m.turn++
	all := m.turn%timedEvery == 0
	var out []detect.Match
	for _, i := range g.index.candidates(r, v) {
		n := m.of.at[&g.programs[i]]
		c := &m.costs[n]
		if c.candidates == 0 {
			m.touched = append(m.touched, n)
		}
		c.candidates++
		before := len(out)
		switch {
		case all || m.first[n] < timedFirst:
			begin := time.Now()
			out = g.judge(i, v, out)
			c.time(time.Since(begin) - m.of.clock)
			m.first[n] = min(m.first[n]+1, timedFirst)
		default:
			out = g.judge(i, v, out)
		}
		c.matches += int64(len(out) - before)
	}
	v.record, v.all, v.lineageNow = nil, nil, nil
	return out
}

// Flush adds what was noted to the profile.
func (m *Meter) Flush() {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	for _, i := range m.touched {
		m.of.costs[i].add(&m.costs[i])
		m.costs[i] = cost{}
	}
	m.touched = m.touched[:0]
}

// Costs gives what each rule has cost, the dearest first. Rules that can never match are not among them.
func (p *Profile) Costs() []Cost {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Cost, len(p.costs))
	for i := range p.costs {
		c := &p.costs[i]
		each, timed := c.mean()
		out[i] = Cost{
			Rule: p.rules[i], Candidates: c.candidates, Matches: c.matches, Timed: timed,
			Time: each * time.Duration(c.candidates),
		}
	}
	slices.SortStableFunc(out, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Candidates, a.Candidates))
	})
	return out
}
