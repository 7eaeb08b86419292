package correlate

// judgeTrailing looks at the windows that hold a hit that is new, or may: those that end between the oldest of them and a
// timespan after the newest.
func (r *runner) judgeTrailing(g *group) {
	if g.from == ever || len(g.hits) < r.need {
		return
	}
	lo := g.since(g.from - r.span)
	r.meter.reset()
	crowd := r.newCrowd()
	for i := lo; i < len(g.hits) && g.hits[i].at <= g.upto+r.span; {
		at := g.hits[i].at
		for ; i < len(g.hits) && g.hits[i].at == at; i++ {
			r.meter.push(&g.hits[i])
			crowd.push(&g.hits[i])
		}
		if at < g.from {
			continue
		}
		for ; g.hits[lo].at < at-r.span; lo++ {
			r.meter.drop(&g.hits[lo])
			crowd.drop(&g.hits[lo])
		}
		if v, ok := r.holds(at - r.span); ok {
			r.fold(g, at, at, v)
			r.passPoint(g, at, crowd)
		}
	}
}

// judgePaved judges the windows that the watermark has passed and lets go of them.
func (r *runner) judgePaved(g *group) {
	for len(g.hits) > 0 && g.hits[0].at+r.span < r.watermark {
		begin, end := g.hits[0].at, g.hits[0].at+r.span
		n := g.since(end + 1)
		r.meter.reset()
		for i := range g.hits[:n] {
			r.meter.push(&g.hits[i])
		}
		if v, ok := r.holds(begin); ok {
			r.settle(g, begin, v, g.hits[:n])
		}
		g.story().covered = end
		r.letGo(g, n)
	}
}

// judgeOpened judges the windows that the watermark has passed and lets go of the hits that opened them.
func (r *runner) judgeOpened(g *group) {
	r.meter.reset()
	lo, hi := 0, 0
	for lo < len(g.hits) && g.hits[lo].at+r.span < r.watermark {
		begin := g.hits[lo].at
		for ; hi < len(g.hits) && g.hits[hi].at <= begin+r.span; hi++ {
			r.meter.push(&g.hits[hi])
		}
		if v, ok := r.holds(begin); ok {
			r.settle(g, begin, v, g.hits[lo:hi])
		}
		for ; lo < hi && g.hits[lo].at == begin; lo++ {
			r.meter.drop(&g.hits[lo])
			r.release(g, g.hits[lo])
		}
	}
	g.release(lo)
}

// settle takes up a complete window that held. As a fact for correlations above it happened when the window ended.
func (r *runner) settle(g *group, begin int64, value float64, window []hit) {
	end := begin + r.span
	b := r.fold(g, begin, end, value)
	if len(r.outers) == 0 {
		return
	}
	crowd := r.newCrowd()
	for i := range window {
		crowd.push(&window[i])
	}
	r.passPoint(g, end, crowd)
	if !b.begun {
		b.begun = true
		r.passStart(g, b, end, crowd)
	}
}
