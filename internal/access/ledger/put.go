package ledger

import "slices"

// tuple is what a use is about.
type tuple struct {
	principal string
	root      Root
	act       Act
	resource  string
	account   string
	region    string
}

// put adds a cell. A row that is there takes it at once; a new one has to find its place and may be too much.
func (l *Ledger) put(t tuple, c cell) {
	c.day = l.dayOf(c.day)
	for {
		t = l.coarsened(t)
		if l.has(t, c) {
			return
		}
		if t.root = l.rooted(t.root, c); l.coarse.Rows == 0 {
			t.resource = l.folded(t)
		}
		if l.has(t, c) {
			return
		}
		if !l.full() {
			break
		}
		if l.coarse.Rows == mostRows {
			l.beyond(c)
			return
		}
		l.coarsen(Coarse{l.coarse.Rows + 1, l.coarse.Days})
	}
	r := &row{key: l.keyOf(t), days: []cell{c}}
	l.rows[r.key] = r
	l.index = nil
	l.days++
	if l.coarse.Rows == 0 {
		l.group(r, t.resource)
	}
	l.trim()
}

// full reports whether there is no room for another row. The one of what is too much does not count.
func (l *Ledger) full() bool {
	n := len(l.rows)
	if l.rows[key{}] != nil {
		n--
	}
	return n >= l.o.Rows
}

// has adds a cell to the row of a tuple; false when there is none.
func (l *Ledger) has(t tuple, c cell) bool {
	k, ok := l.find(t)
	if !ok {
		return false
	}
	r := l.rows[k]
	if r == nil {
		return false
	}
	l.note(r, c)
	l.trim()
	return true
}

// trim folds days when there are too many.
func (l *Ledger) trim() {
	for l.days > l.o.Days && l.coarse.Days < mostDays {
		l.coarsen(Coarse{l.coarse.Rows, l.coarse.Days + 1})
	}
}

// coarsened is the tuple as the whole ledger has it.
func (l *Ledger) coarsened(t tuple) tuple {
	if len(t.resource) > maxResource {
		t.resource = climb(t.resource, trunk)
	}
	switch {
	case l.coarse.Rows >= 2:
		t.resource = climb(t.resource, vendor)
	case l.coarse.Rows == 1:
		t.resource = climb(t.resource, trunk)
	}
	if l.coarse.Rows == mostRows {
		t.root = Root{}
	}
	return t
}

// rooted is a root as the ledger has it: of one too many only its kind.
func (l *Ledger) rooted(r Root, c cell) Root {
	if r.ID == "" || r.ID == "*" || len(l.roots.list) <= l.o.Roots {
		return r
	}
	if _, ok := l.roots.find(r); !ok {
		r.ID = "*"
		l.counts.Roots += int64(c.times)
	}
	return r
}

// find gives the key of a tuple all of whose words are known; false when there surely is no row of it.
func (l *Ledger) find(t tuple) (k key, ok bool) {
	if k.resource, ok = l.words.find(t.resource); !ok {
		return k, false
	}
	if k.principal, ok = l.words.find(t.principal); !ok {
		return k, false
	}
	if k.act, ok = l.acts.find(t.act); !ok {
		return k, false
	}
	if k.root, ok = l.roots.find(t.root); !ok {
		return k, false
	}
	if k.account, ok = l.words.find(t.account); !ok {
		return k, false
	}
	k.region, ok = l.words.find(t.region)
	return k, ok
}

func (l *Ledger) keyOf(t tuple) key {
	return key{
		principal: l.words.add(t.principal), root: l.roots.add(t.root), act: l.acts.add(t.act), resource: l.words.add(t.resource),
		account: l.words.add(t.account), region: l.words.add(t.region),
	}
}

func (l *Ledger) tupleOf(k key) tuple {
	return tuple{l.words.of(k.principal), l.roots.of(k.root), l.acts.of(k.act), l.words.of(k.resource), l.words.of(k.account), l.words.of(k.region)}
}

// note adds a cell to a row.
func (l *Ledger) note(r *row, c cell) {
	if n := len(r.days); n > 0 && r.days[n-1].day == c.day { // as it nearly always is
		r.days[n-1].join(c)
		return
	}
	i, found := slices.BinarySearchFunc(r.days, c.day, func(d cell, day uint32) int { return int(d.day) - int(day) })
	if found {
		r.days[i].join(c)
		return
	}
	r.days = slices.Insert(r.days, i, c)
	l.days++
}

// join adds two cells of one day.
func (c *cell) join(o cell) {
	c.times, c.refused, c.console = sum(c.times, o.times), sum(c.refused, o.refused), sum(c.console, o.console)
	c.first, c.last = min(c.first, o.first), max(c.last, o.last)
}

// sum stops at the largest number there is.
func sum(a, b uint32) uint32 {
	if a+b < a {
		return 1<<32 - 1
	}
	return a + b
}

// beyond counts what is too much, by day alone.
func (l *Ledger) beyond(c cell) {
	l.counts.Beyond += int64(c.times)
	r := l.rows[key{}]
	if r == nil {
		r = &row{}
		l.rows[key{}] = r
		l.index = nil
	}
	l.note(r, c)
}
