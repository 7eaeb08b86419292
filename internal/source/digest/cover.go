package digest

import (
	"slices"
	"time"
)

// settle is how long after its newest event a log file may be delivered and still be usual. Digests go by the time of delivery,
// log files' names by their events: near the end of a time that digests are about, a file may be in the next digest.
const settle = time.Hour

type span struct{ from, to time.Time }

// spans are the times that a trail's digests are about.
type spans []span

// merged joins spans that touch, in order.
func (s spans) merged() spans {
	slices.SortFunc(s, func(a, b span) int { return a.from.Compare(b.from) })
	var out spans
	for _, next := range s {
		if last := len(out) - 1; last >= 0 && !next.from.After(out[last].to) {
			if next.to.After(out[last].to) {
				out[last].to = next.to
			}
			continue
		}
		out = append(out, next)
	}
	return out
}

// delivered says whether a log file with events up to at must have been delivered in the time of merged spans.
func (s spans) delivered(at time.Time) bool {
	i, _ := slices.BinarySearchFunc(s, at, func(x span, at time.Time) int {
		if x.to.Before(at) {
			return -1
		}
		return 1
	})
	return i < len(s) && !at.Before(s[i].from) && !at.Add(settle).After(s[i].to)
}
