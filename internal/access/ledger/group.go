package ledger

// place is where leaves grow: what one principal touched by one action of one kind or bucket.
type place struct{ principal, act, trunk uint32 }

// group is the rows of a place.
type group struct {
	level  int
	rows   []*row
	leaves map[uint32]struct{} // different resources; nil while there are few rows
}

// few is how many rows are looked through rather than counted in a map.
const few = 12

// folded is the resource as its group has it.
func (l *Ledger) folded(t tuple) string {
	top := climb(t.resource, trunk)
	if top == t.resource {
		return top
	}
	p, ok := l.words.find(t.principal)
	if !ok {
		return t.resource
	}
	act, ok := l.acts.find(t.act)
	if !ok {
		return t.resource
	}
	w, ok := l.words.find(top)
	if !ok {
		return t.resource
	}
	g := l.groups[place{p, act, w}]
	if g == nil {
		return t.resource
	}
	return climb(t.resource, g.level)
}

// group puts a new row among those of its place, which is folded when that makes it too many.
func (l *Ledger) group(r *row, resource string) {
	top := climb(resource, trunk)
	if top == resource {
		return
	}
	at := place{r.key.principal, r.key.act, l.words.add(top)}
	g := l.groups[at]
	if g == nil {
		g = &group{}
		l.groups[at] = g
	}
	g.add(r)
	if g.count() > l.o.Leaves {
		l.raise(g, g.level+1)
		l.clean()
	}
}

func (g *group) add(r *row) {
	g.rows = append(g.rows, r)
	if g.leaves == nil && len(g.rows) > few {
		g.leaves = map[uint32]struct{}{}
		for _, r := range g.rows {
			g.leaves[r.key.resource] = struct{}{}
		}
	}
	if g.leaves != nil {
		g.leaves[r.key.resource] = struct{}{}
	}
}

// count is how many different resources there are.
func (g *group) count() (n int) {
	if g.leaves != nil {
		return len(g.leaves)
	}
	for i, r := range g.rows {
		fresh := 1
		for _, before := range g.rows[:i] {
			if before.key.resource == r.key.resource {
				fresh = 0
			}
		}
		n += fresh
	}
	return n
}

// raise folds the resources of a group, and further when there still are too many.
func (l *Ledger) raise(g *group, level int) {
	for ; g.level < level; level = max(level, g.level) {
		g.level = level
		old := g.rows
		g.rows, g.leaves = nil, nil
		for _, r := range old {
			delete(l.rows, r.key)
		}
		for _, r := range old {
			name := climb(l.words.of(r.key.resource), level)
			r.key.resource = l.words.add(name)
			if known := l.rows[r.key]; known != nil {
				l.join(known, r)
				continue
			}
			l.rows[r.key] = r
			if level < topOfAll {
				g.add(r)
			}
		}
		if level < topOfAll && g.count() > l.o.Leaves {
			level++
		}
	}
	l.index = nil
}

// join adds the days of a row that is no more to another.
func (l *Ledger) join(to, from *row) {
	l.days -= len(from.days)
	for _, c := range from.days {
		l.note(to, c)
	}
}

// clean forgets words that no row has, when they are most of them.
func (l *Ledger) clean() {
	const spare = 1 << 14
	if len(l.words.list) > 4*(len(l.rows)+len(l.groups))+spare {
		l.rebuild(func(t tuple) tuple { return t }, func(c cell) cell { return c })
	}
}
