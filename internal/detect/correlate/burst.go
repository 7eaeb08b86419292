package correlate

import (
	"math/bits"
	"slices"
)

// burst is a firing in the making: the windows of one group that held, no more than a timespan from one to the next.
type burst struct {
	first, last int64   // when the first window that held began to hold, and when the last one did; see mode
	peak        float64 // the value furthest into the condition
	released    int     // contributing hits that are held no more
	kept        []hit   // the earliest of those, of each rule
	told        []int64 // the slots under which it has been told: one, more after a merger
	toldCount   int
	toldLast    int64
	begun       bool // correlations that count it know of it
	late        bool
}

// fold adds a window that held from begin to end to the bursts: to the one it belongs to, between two that it joins, or as a
// new one. Adding the same again changes nothing, and the order of adding does not matter.
func (r *runner) fold(g *group, begin, end int64, value float64) *burst {
	s := g.story()
	lo := 0
	for lo < len(s.bursts) && s.bursts[lo].last < begin-r.span {
		lo++
	}
	hi := lo
	for hi < len(s.bursts) && s.bursts[hi].first <= end+r.span {
		hi++
	}
	fresh := burst{first: begin, last: end, peak: value, late: g.is(late)}
	if lo == hi {
		s.bursts = slices.Insert(s.bursts, lo, fresh)
		return &s.bursts[lo]
	}
	b := &s.bursts[lo]
	r.absorb(b, &fresh)
	for i := lo + 1; i < hi; i++ {
		r.absorb(b, &s.bursts[i])
	}
	s.bursts = slices.Delete(s.bursts, lo+1, hi)
	return b
}

// absorb makes b both bursts.
func (r *runner) absorb(b, o *burst) {
	b.first, b.last = min(b.first, o.first), max(b.last, o.last)
	if r.further(o.peak, b.peak) {
		b.peak = o.peak
	}
	b.released += o.released
	b.keep(o.kept...)
	if b.told = append(b.told, o.told...); len(b.told) > 1 {
		slices.Sort(b.told)
		b.told = slices.Compact(b.told)
	}
	b.toldCount, b.toldLast = b.toldCount+o.toldCount, max(b.toldLast, o.toldLast)
	b.begun, b.late = b.begun || o.begun, b.late || o.late
}

// further reports whether a value is further into the condition than another.
func (r *runner) further(a, b float64) bool {
	if r.downward {
		return a < b
	}
	return a > b
}

// release gives a hit that is about to be let go to the burst that it contributes to, if there is one.
func (r *runner) release(g *group, h hit) {
	bursts := g.bursts()
	for i := range bursts {
		b := &bursts[i]
		if h.at < r.begin(b) {
			return
		}
		if h.at <= b.last {
			b.released++
			b.keep(h)
			if len(b.kept) >= 2*r.m.options.MaxMembers {
				b.kept = slices.Clone(r.pick(b.kept, nil))
			}
			return
		}
	}
}

// keep adds hits to those that are kept. They come in order, unless budgets or late hits have brought disorder before.
func (b *burst) keep(hits ...hit) {
	sorted := true
	for _, h := range hits {
		n := len(b.kept)
		sorted = sorted && (n == 0 || b.kept[n-1].order(&h) < 0)
		b.kept = append(b.kept, h)
	}
	if !sorted {
		slices.SortFunc(b.kept, func(a, b hit) int { return a.order(&b) })
		b.kept = slices.CompactFunc(b.kept, func(a, b hit) bool { return a.order(&b) == 0 })
	}
}

// begin is where the hits that contribute to a burst begin: windows that end with a hit reach back from it.
func (r *runner) begin(b *burst) int64 {
	if r.mode == trailing {
		return b.first - r.span
	}
	return b.first
}

// held is the part of the group's hits that contributes to a burst.
func (r *runner) held(g *group, b *burst) []hit {
	return g.hits[g.since(r.begin(b)):g.since(b.last+1)]
}

// pick chooses the hits that stand for all: the earliest of each rule. What it chooses from two lists, one after the other,
// is what it chooses from the second and its choice of the first.
func (r *runner) pick(lists ...[]hit) []hit {
	share := max(1, r.m.options.MaxMembers/len(r.spec.Rules))
	var count [maxRules]int
	var out []hit
	for _, hits := range lists {
		for _, h := range hits {
			use := false
			for left := h.rules; left != 0; left &= left - 1 {
				rule := bits.TrailingZeros32(left)
				use = use || count[rule] < share
				count[rule]++
			}
			if use {
				out = append(out, h)
			}
		}
	}
	return out
}
