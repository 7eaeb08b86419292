package ledger

// Merge adds another ledger. What it says is that of one ledger of both their records, as long as no event is in both: those
// count twice, and Counts.Overlap says how many are known to.
func (l *Ledger) Merge(o *Ledger) {
	if o.coarse.Rows > l.coarse.Rows || o.coarse.Days > l.coarse.Days {
		l.coarsen(o.coarse)
	}
	if l.coarse.Rows == 0 {
		for at, g := range o.groups {
			if g.level > 0 {
				l.level(o.words.of(at.principal), o.acts.of(at.act), o.words.of(at.trunk), g.level)
			}
		}
	}
	for k, r := range o.rows {
		for _, c := range r.days {
			if k == (key{}) {
				c.day = l.dayOf(c.day)
				l.beyond(c)
				continue
			}
			l.put(o.tupleOf(k), c)
		}
	}
	for _, s := range o.seen.list() {
		if !l.seen.first(s) {
			l.counts.Overlap++
		}
	}
	for _, s := range o.files.list() {
		if !l.files.has(s) {
			l.files.add(s)
		}
	}
	l.counts.add(o.counts)
}

// level says that a place of another ledger was folded.
func (l *Ledger) level(principal string, act Act, top string, level int) {
	at := place{l.words.add(principal), l.acts.add(act), l.words.add(top)}
	g := l.groups[at]
	if g == nil {
		g = &group{level: level}
		l.groups[at] = g
	}
	l.raise(g, level)
}

func (c *Counts) add(o Counts) {
	c.Events += o.Events
	c.Kept += o.Kept
	c.Overlap += o.Overlap
	c.Roots += o.Roots
	for why, n := range o.Left {
		c.Left[why] += n
	}
}
