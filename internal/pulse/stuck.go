package pulse

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Stuck finds legs that do not move: work is due that nobody has taken up for too long, and the oldest of it is the same as it was then.
// A backlog that is being worked off is none of that. It is for one goroutine.
type Stuck struct {
	After time.Duration
	since map[string]mark
}

// mark is the oldest due work of a leg, and since when it is that.
type mark struct{ due, seen time.Time }

// Look is told what the oldest due work of each leg is that nobody is at work on, and says which legs are stuck. at is a time that nobody can
// put back or forward.
func (s *Stuck) Look(oldest map[string]time.Time, at time.Time) (legs []string) {
	next := make(map[string]mark, len(oldest))
	for leg, due := range oldest {
		m, ok := s.since[leg]
		if !ok || !m.due.Equal(due) {
			m = mark{due, at}
		}
		next[leg] = m
		if at.Sub(m.seen) >= s.After {
			legs = append(legs, leg)
		}
	}
	s.since = next
	slices.Sort(legs)
	return legs
}

// Say puts all that is wrong into one text, empty when nothing is.
func Say(legs []string, after time.Duration, more ...string) string {
	var out []string
	for _, l := range legs {
		out = append(out, fmt.Sprintf("leg %s has not moved for %s", l, after))
	}
	for _, m := range more {
		if m != "" {
			out = append(out, m)
		}
	}
	return strings.Join(out, "; ")
}
