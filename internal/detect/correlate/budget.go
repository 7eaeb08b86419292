package correlate

import "strconv"

// Size is how much the machine holds: groups over all correlations, and about how many bytes of memory they take.
func (m *Machine) Size() (groups, bytes int) { return m.groups, m.bytes }

func (m *Machine) over() bool {
	return m.groups > m.options.MaxGroups || m.bytes > m.options.MaxBytes
}

// relieve evicts until the budgets are kept: the group that has gone longest without progress first. It runs between visits,
// never within one.
func (m *Machine) relieve() {
	if !m.tight {
		return
	}
	m.tight = false
	for _, r := range m.order {
		for r.full() {
			r.evict(r.byAge.oldest, "the correlation holds more than "+strconv.Itoa(r.spec.MaxGroups)+" groups")
		}
	}
	for m.over() && m.groups > 1 {
		var oldest *runner
		for _, r := range m.order {
			if g := r.byAge.oldest; g != nil && (oldest == nil || g.stamp < oldest.byAge.oldest.stamp) {
				oldest = r
			}
		}
		oldest.evict(oldest.byAge.oldest, "the machine's budget is used up")
	}
}

// evict lets go of a group, says so, and tells its firings as they are for the last time.
func (r *runner) evict(g *group, why string) {
	if g.from != ever {
		r.visit(g) // what is new is judged first
		if g.is(gone) {
			return
		}
	}
	for i := range g.bursts() {
		r.emit(g, &g.more.bursts[i], true, true)
	}
	r.counts.EvictedGroups++
	r.counts.EvictedHits += len(g.hits)
	r.changed = true
	r.lose(Evicted, g, len(g.hits), why)
	r.remove(g)
}
