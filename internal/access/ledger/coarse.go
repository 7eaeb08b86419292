package ledger

import "time"

// coarsen folds the whole ledger.
func (l *Ledger) coarsen(to Coarse) {
	l.coarse = Coarse{max(l.coarse.Rows, to.Rows), max(l.coarse.Days, to.Days)}
	l.rebuild(l.coarsened, func(c cell) cell { c.day = l.dayOf(c.day); return c })
}

// rebuild makes all rows anew, with no word more than they have.
func (l *Ledger) rebuild(change func(tuple) tuple, fold func(cell) cell) {
	old := *l
	l.empty()
	for at, g := range old.groups {
		if g.level > 0 && l.coarse.Rows == 0 {
			l.groups[place{l.words.add(old.words.of(at.principal)), l.acts.add(old.acts.of(at.act)), l.words.add(old.words.of(at.trunk))}] = &group{level: g.level}
		}
	}
	for k, r := range old.rows {
		if k != (key{}) {
			t := change(old.tupleOf(k))
			k = l.keyOf(t)
			if l.coarse.Rows == 0 {
				l.regroup(k, t.resource, r)
			}
		}
		days := r.days
		r.key, r.days = k, days[:0:0]
		if known := l.rows[k]; known != nil {
			r = known
		} else {
			l.rows[k] = r
		}
		for _, c := range days {
			l.note(r, fold(c))
		}
	}
}

// regroup puts a row of a rebuilt ledger among those of its place.
func (l *Ledger) regroup(k key, resource string, r *row) {
	top := climb(resource, trunk)
	if top == resource {
		return
	}
	at := place{k.principal, k.act, l.words.add(top)}
	g := l.groups[at]
	if g == nil {
		g = &group{}
		l.groups[at] = g
	}
	r.key = k
	g.add(r)
}

// dayOf is a day as the ledger has it.
func (l *Ledger) dayOf(d uint32) uint32 {
	switch l.coarse.Days {
	case 0:
		return d
	case 1:
		t := time.Unix(int64(d)*day, 0).UTC()
		return uint32(t.AddDate(0, 0, 1-t.Day()).Unix() / day) //nolint:gosec // it is 1970 or later
	}
	return 0
}
