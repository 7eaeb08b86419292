package correlate

import "strconv"

// mode is which windows a correlation looks at.
type mode uint8

const (
	// trailing windows end with each hit. They serve conditions that more hits can only make true, so that a window may be
	// judged at once, whatever is still to come.
	trailing mode = iota
	// paved windows lie one behind the other, each opened by the first hit after the one before, and are judged when the
	// watermark has passed their end. They serve numbers that can go either way: a sliding window would pass through each
	// small number on its way up and down.
	paved
	// opened windows are opened by every hit and judged when the watermark has passed their end. They serve expressions
	// with not: what was not followed by something.
	opened
)

// runner is one correlation at work.
type runner struct {
	m         *Machine
	spec      Spec
	digest    [32]byte
	tag       string // stands for the correlation in the items of hits
	mode      mode
	span      int64
	lateness  int64
	bits      map[string]uint32
	tests     []Test
	need      int  // with fewer hits a window cannot hold
	downward  bool // the condition only has upper bounds
	meter     meter
	inners    []*runner // correlations that it watches
	outers    []*runner // correlations that watch it
	above     []*runner // outers, theirs and so on
	counted   bool      // an outer counts its firings
	watermark int64
	groups    map[string]*group
	touched   []*group // have something new
	queue     queue
	byAge     list
	changed   bool     // the head row is out of date
	dirty     []*group // their rows are out of date
	removed   []string // keys of groups that have a row and are gone
	counts    Counts
}

func newRunner(m *Machine, s Spec) *runner {
	r := &runner{
		m: m, spec: s, digest: s.digest(), span: s.Timespan.Microseconds(), lateness: s.Lateness.Microseconds(), bits: s.bits(),
		tests: s.tests(), meter: newMeter(&s), watermark: never, groups: map[string]*group{}, need: 1,
	}
	r.tag = string(r.digest[:tagBytes])
	r.downward = len(r.tests) > 0
	for _, t := range r.tests {
		r.downward = r.downward && (t.Op == LT || t.Op == LTE)
	}
	switch {
	case s.monotone():
		r.mode = trailing
	case s.Type == Boolean:
		r.mode = opened
	default:
		r.mode = paved
	}
	if r.mode == trailing && (s.Type == EventCount || s.Type == ValueCount) {
		r.need = s.least()
	}
	return r
}

// holds reports whether the window in the meter fulfils the condition, and its value.
func (r *runner) holds(from int64) (float64, bool) {
	v := r.meter.value(from)
	if p, ok := r.meter.(*presence); ok && r.spec.Expr != nil {
		return v, r.spec.Expr.holds(p.mask, r.bits)
	}
	for _, t := range r.tests {
		if !t.holds(v) {
			return v, false
		}
	}
	return v, true
}

// arrival is a hit on its way to one group.
type arrival struct {
	hit
	group   []byte // packed
	derived bool   // from a correlation below
}

// take puts a hit into its group. What follows from it is found when the group is visited.
func (r *runner) take(a arrival) {
	g := r.groups[string(a.group)]
	behind := a.at < r.watermark
	if behind && (a.at < r.watermark-r.span || g != nil && a.at <= g.covered()) {
		r.miss(a)
		return
	}
	if g == nil {
		g = r.open(string(a.group))
	}
	before := g.size()
	i, known := g.find(&a.hit)
	switch {
	case !known:
		g.insert(i, a.hit)
	case behind && a.rules&^g.hits[i].rules == 0, !g.merge(i, a.hit):
		r.duplicate(a)
		return
	}
	r.m.bytes += g.size() - before
	r.m.tight = r.m.tight || r.m.over()
	if behind {
		g.set(late)
		r.late(a)
	}
	r.counts.Taken++
	r.changed = true
	r.byAge.renew(g, r.m)
	if g.from == ever {
		r.touched = append(r.touched, g)
	}
	g.from, g.upto = min(g.from, a.at), max(g.upto, a.at)
}

func (r *runner) open(key string) *group {
	g := &group{key: key, from: ever, upto: never, due: ever}
	r.groups[key] = g
	r.m.groups++
	r.m.bytes += g.size()
	r.m.tight = r.m.tight || r.full()
	return g
}

// full reports whether the correlation has more groups than its own budget allows.
func (r *runner) full() bool { return r.spec.MaxGroups > 0 && len(r.groups) > r.spec.MaxGroups }

// visit does for a group all that there is to do with what it holds and with the watermark as it is.
func (r *runner) visit(g *group) {
	before := g.size()
	switch r.mode {
	case trailing:
		r.judgeTrailing(g)
		r.passStarts(g)
		r.letGo(g, g.since(r.watermark-r.span))
	case paved:
		r.judgePaved(g)
	case opened:
		r.judgeOpened(g)
	}
	g.from, g.upto = ever, never
	g.unset(late)
	r.trim(g)
	r.tell(g)
	r.mark(g)
	r.m.bytes += g.size() - before
	if len(g.hits) == 0 && len(g.bursts()) == 0 && g.covered() < r.watermark-r.span {
		r.remove(g)
		return
	}
	r.schedule(g)
}

// trim keeps a group within the number of hits that one may hold. It makes room for more than one, so that it need not be
// done with every hit.
func (r *runner) trim(g *group) {
	most := max(r.m.options.MaxHits, 2*r.need)
	if len(g.hits) <= most {
		return
	}
	n := len(g.hits) - most + most/8
	r.lose(Crowded, g, n, "the group has more than "+strconv.Itoa(most)+" hits within a window")
	r.counts.EvictedHits += n
	g.story().trimmed = g.hits[n-1].at
	r.letGo(g, n)
}

// letGo lets go of the first hits of a group; the bursts they contribute to remember them.
func (r *runner) letGo(g *group, n int) {
	for _, h := range g.hits[:n] {
		r.release(g, h)
	}
	g.release(n)
}

// schedule says when the group has to be visited again without new hits.
func (r *runner) schedule(g *group) {
	due := ever
	if n := len(g.hits); n > 0 {
		if r.mode == trailing {
			due = g.hits[n-1].at + r.span
		} else {
			due = g.hits[0].at + r.span
		}
	}
	if c := g.covered(); c+r.span >= r.watermark {
		due = min(due, c+r.span)
	}
	for i := range g.bursts() {
		b := &g.more.bursts[i]
		if b.last+r.span >= r.watermark {
			due = min(due, b.last+r.span)
		}
		if r.counted && !b.begun && b.first >= r.watermark {
			due = min(due, b.first)
		}
	}
	if due < g.due {
		g.due = due
		r.queue.push(due, g)
	}
}

func (r *runner) remove(g *group) {
	r.m.bytes -= g.size()
	r.m.groups--
	delete(r.groups, g.key)
	r.byAge.cut(g)
	g.set(gone)
	if g.is(saved) {
		r.removed = append(r.removed, g.key)
	}
	g.hits, g.more = nil, nil
	const slack = 1024
	if len(r.queue) > 2*len(r.groups)+slack {
		r.queue.tidy()
	}
}

// mark notes that a group's row is out of date.
func (r *runner) mark(g *group) {
	if r.m.options.Rows && !g.is(dirty) {
		g.set(dirty)
		r.dirty = append(r.dirty, g)
	}
}
