package correlate

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// meter measures a window that slides over the sorted hits of a group: they enter at its end and leave at its beginning.
type meter interface {
	reset()
	push(h *hit)
	drop(h *hit)
	// value is the measure of the window that begins at from.
	value(from int64) float64
}

func newMeter(s *Spec) meter {
	switch s.Type {
	case EventCount:
		return new(number)
	case ValueCount:
		return &distinct{seen: map[string]int{}}
	case TemporalOrdered:
		n := len(s.Rules)
		return &sequence{rules: n, latest: make([]int64, n*n)}
	case Temporal, Boolean:
		return new(presence)
	case ValuePercentile:
		return &percentile{share: s.Percentile}
	default:
		return &total{mean: s.Type == ValueAvg}
	}
}

// number counts hits.
type number struct{ n int }

func (m *number) reset()              { m.n = 0 }
func (m *number) push(*hit)           { m.n++ }
func (m *number) drop(*hit)           { m.n-- }
func (m *number) value(int64) float64 { return float64(m.n) }

// distinct counts different values.
type distinct struct{ seen map[string]int }

func (m *distinct) reset()              { clear(m.seen) }
func (m *distinct) push(h *hit)         { m.seen[h.value()]++ }
func (m *distinct) value(int64) float64 { return float64(len(m.seen)) }
func (m *distinct) drop(h *hit) {
	v := h.value()
	if m.seen[v]--; m.seen[v] == 0 {
		delete(m.seen, v)
	}
}

// presence counts the rules that have a hit.
type presence struct {
	hits [maxRules]int
	mask uint32
}

func (m *presence) reset()              { *m = presence{} }
func (m *presence) value(int64) float64 { return float64(bits.OnesCount32(m.mask)) }

func (m *presence) push(h *hit) {
	m.mask |= h.rules
	for left := h.rules; left != 0; left &= left - 1 {
		m.hits[bits.TrailingZeros32(left)]++
	}
}

func (m *presence) drop(h *hit) {
	for left := h.rules; left != 0; left &= left - 1 {
		i := bits.TrailingZeros32(left)
		if m.hits[i]--; m.hits[i] == 0 {
			m.mask &^= 1 << i
		}
	}
}

// sequence finds the most rules that hit one after the other in the order of the list. For each number of rules and each
// rule that such a sequence ends with it knows the latest beginning; hits need not be dropped: a beginning before the
// window's does not count.
type sequence struct {
	rules  int
	latest []int64
}

func (m *sequence) reset() {
	for i := range m.latest {
		m.latest[i] = never
	}
}

func (m *sequence) drop(*hit) {}

// push goes from the last rule to the first, so that one event never is two steps.
func (m *sequence) push(h *hit) {
	for rule := m.rules - 1; rule >= 0; rule-- {
		if h.rules&(1<<rule) == 0 {
			continue
		}
		for steps := rule; steps > 0; steps-- {
			before := slices.Max(m.latest[(steps-1)*m.rules : (steps-1)*m.rules+rule])
			m.latest[steps*m.rules+rule] = max(m.latest[steps*m.rules+rule], before)
		}
		m.latest[rule] = max(m.latest[rule], h.at)
	}
}

func (m *sequence) value(from int64) float64 {
	for steps := m.rules; steps > 0; steps-- {
		if slices.Max(m.latest[(steps-1)*m.rules:steps*m.rules]) >= from {
			return float64(steps)
		}
	}
	return 0
}

// The numbers that can be summed up: whole and millionth parts are whole numbers of their own, so that a sum does not depend
// on the order of its parts. maxHits of maxNumber still fit.
const (
	maxNumber  = 1e13
	millionths = 1e6
)

// total sums up, or gives the mean.
type total struct {
	mean           bool
	n              int
	whole, decimal int64
}

func (m *total) reset() { *m = total{mean: m.mean} }

func (m *total) push(h *hit) { m.add(h, 1) }
func (m *total) drop(h *hit) { m.add(h, -1) }

func (m *total) add(h *hit, sign int64) {
	whole, part := math.Modf(fromNumeral(h.value()))
	m.n += int(sign)
	m.whole += sign * int64(whole)
	m.decimal += sign * int64(math.Round(part*millionths))
}

func (m *total) value(int64) float64 {
	sum := float64(m.whole) + float64(m.decimal)/millionths
	if m.mean {
		return sum / float64(max(1, m.n))
	}
	return sum
}

// percentile is the nearest rank: the smallest value that is not smaller than the given share of all values.
type percentile struct {
	share  float64
	values []float64
}

func (m *percentile) reset()      { m.values = m.values[:0] }
func (m *percentile) push(h *hit) { m.values = append(m.values, fromNumeral(h.value())) }

// drop takes one such value away.
func (m *percentile) drop(h *hit) {
	if i := slices.Index(m.values, fromNumeral(h.value())); i >= 0 {
		m.values = slices.Delete(m.values, i, i+1)
	}
}

func (m *percentile) value(int64) float64 {
	if len(m.values) == 0 {
		return 0
	}
	slices.SortFunc(m.values, cmp.Compare[float64])
	const rounding = 1e-9 // 99.9 % of 1000 is 999, whatever binary fractions say
	rank := int(math.Ceil(m.share*float64(len(m.values))/100 - rounding))
	return m.values[min(max(rank, 1), len(m.values))-1]
}
