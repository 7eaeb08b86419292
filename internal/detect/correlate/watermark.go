package correlate

import "time"

// Mark says how far a source has come: the newest event time that it has shown. Events count whether or not a rule hits, and
// a time in the future is the giver's to correct: it would make the present late.
type Mark struct {
	Source string
	Seen   time.Time
	// Idle says that the source is silent and waits for nothing, so that it holds nobody back. Where all sources are idle,
	// the newest Seen counts: an owner who gives it the time of a clock lets the silence be judged too.
	Idle bool
}

// Advance takes marks, moves the watermarks and gives the firings that are new, have changed or have become final. A
// watermark never goes back.
func (m *Machine) Advance(marks []Mark) []Firing {
	for _, mark := range marks {
		if _, ok := micros(mark.Seen); !ok {
			mark.Seen = time.Time{} // nothing seen yet
		}
		if old := m.marks[mark.Source]; mark.Seen.Before(old.Seen) {
			mark.Seen = old.Seen
		}
		m.marks[mark.Source] = mark
		m.marksChanged = true
	}
	for _, r := range m.order {
		r.advance()
		r.visitDue()
		r.visitTouched()
	}
	return m.flush()
}

// advance computes the watermark: the time before which no hit is on time any more. It is never ahead of the correlations
// that are watched, as what they find is on time whenever it comes.
func (r *runner) advance() {
	w := r.m.seen(r.spec.Sources) - r.lateness
	for _, inner := range r.inners {
		w = min(w, inner.watermark)
	}
	if w > r.watermark {
		r.watermark = w
		r.changed = true
	}
}

// visitDue visits the groups that have something to do now that the watermark has moved.
func (r *runner) visitDue() {
	for r.queue.due() < r.watermark {
		due, g := r.queue.pop()
		if g.is(gone) || g.due != due {
			continue // it has been put in again for an earlier time
		}
		g.due = ever
		r.visit(g)
		r.m.relieve()
	}
}

// seen is how far all of the sources have come that are not idle; never while one of those asked for is unknown.
func (m *Machine) seen(sources []string) int64 {
	slowest, newest := ever, never
	consider := func(mark Mark) {
		at, ok := micros(mark.Seen)
		if !ok {
			at = never
		}
		newest = max(newest, at)
		if !mark.Idle {
			slowest = min(slowest, at)
		}
	}
	if len(sources) == 0 {
		for _, mark := range m.marks {
			consider(mark)
		}
	}
	for _, s := range sources {
		consider(m.marks[s])
	}
	if slowest == ever {
		return newest
	}
	return slowest
}
