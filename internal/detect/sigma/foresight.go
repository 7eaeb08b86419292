package sigma

import "jobzero/internal/event"

// Foresight says of records whether rules that ask for lineage could fire on them, whatever the answer will be. Whoever reads
// logs in no order of time can keep those few records and judge them when everything is known. It is safe for concurrent use.
type Foresight struct{ engine *engine }

// NewForesight makes a foresight of rules. Those that can never match are left out.
func NewForesight(rules []*Compiled) *Foresight {
	g := newEngine(rules, nil)
	for _, b := range g.benches() {
		for i := range b.programs {
			b.programs[i].root = hopeful(b.programs[i].root, false, b.fields)
		}
	}
	return &Foresight{g}
}

// May reports whether one of the rules could fire on a record.
func (f *Foresight) May(r *event.Record) bool {
	b := f.engine.bench(r)
	if b == nil {
		return false
	}
	v, ok := b.look(r)
	if !ok {
		return false
	}
	defer b.leave(v)
	for _, i := range b.index.candidates(r, v) {
		if b.programs[i].root.holds(v) {
			return true
		}
	}
	return false
}

// hopeful is a condition with each line about lineage taken for what makes the whole more likely to hold: true, or false where
// its opposite is meant.
func hopeful(n node, opposite bool, all fields) node {
	switch {
	case n.test != nil && n.test.asksLineage(all), n.each != nil && n.each.field.lineage:
		return node{not: opposite} // of no parts none is needed
	case n.test != nil || n.each != nil:
		return n
	}
	parts := make([]node, len(n.parts))
	for i, p := range n.parts {
		parts[i] = hopeful(p, opposite != n.not, all)
	}
	n.parts = parts
	return n
}

// asksLineage reports whether a line is about lineage or compares something with it.
func (l *line) asksLineage(all fields) bool {
	if l.field != nil && l.field.lineage {
		return true
	}
	for _, x := range l.Values {
		if r, ok := x.(fieldRef); ok && all.of(r.field).lineage {
			return true
		}
	}
	return false
}
