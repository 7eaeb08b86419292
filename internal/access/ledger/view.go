package ledger

import (
	"cmp"
	"slices"
	"time"
)

// View is a ledger between two times.
type View struct {
	l           *Ledger
	since, till uint32 // days: from the first on, before the other
}

// Within looks at the days from the one of since to the one of until, both included. A zero time is no limit. Where days were
// folded to months a month counts when its first day does; where there are none, every use counts.
func (l *Ledger) Within(since, until time.Time) View {
	v := View{l: l, till: 1<<32 - 1}
	if !since.IsZero() && since.Unix() > 0 {
		v.since = uint32(min(since.Unix(), latest) / day) //nolint:gosec // it is between
	}
	if !until.IsZero() {
		v.till = uint32(min(max(until.Unix(), 0), latest)/day) + 1
	}
	switch l.coarse.Days {
	case mostDays:
		v.since, v.till = 0, 1<<32-1
	case 1:
		v.since = l.dayOf(v.since)
	}
	return v
}

// sum is the cells of a row that a view has, as one; false when there are none.
func (v View) sum(r *row) (c cell, ok bool) {
	for _, d := range r.days {
		if d.day < v.since || d.day >= v.till {
			continue
		}
		if !ok {
			c, ok = d, true
			continue
		}
		c.join(d)
	}
	return c, ok
}

// Total are uses, added up.
type Total struct {
	Count   int       `json:"count"` // calls, refused ones too
	Refused int       `json:"refused"`
	Console int       `json:"console"` // made in the console
	First   time.Time `json:"first"`   // UTC, to the second
	Last    time.Time `json:"last"`
}

func (t *Total) add(c cell) {
	first, last := time.Unix(int64(c.first), 0).UTC(), time.Unix(int64(c.last), 0).UTC()
	if t.Count == 0 || first.Before(t.First) {
		t.First = first
	}
	if last.After(t.Last) {
		t.Last = last
	}
	t.Count, t.Refused, t.Console = t.Count+int(c.times), t.Refused+int(c.refused), t.Console+int(c.console)
}

// Row is one row of a ledger.
type Row struct {
	Principal string `json:"principal"`
	Root      Root   `json:"root"`
	Act
	Resource string `json:"resource"`
	Account  string `json:"account,omitempty"` // that received the records
	Region   string `json:"region,omitempty"`
	Total
}

// Rows gives every row in an order that is always the same. A row without a principal counts what was too much for the ledger.
func (v View) Rows() (out []Row) {
	for _, r := range v.l.sorted() {
		if c, ok := v.sum(r); ok {
			out = append(out, v.row(r, c))
		}
	}
	return out
}

func (v View) row(r *row, c cell) Row {
	t := v.l.tupleOf(r.key)
	out := Row{Principal: t.principal, Root: t.root, Act: t.act, Resource: t.resource, Account: t.account, Region: t.region}
	out.Root.Kind = kindOf(t.root)
	out.add(c)
	return out
}

// sorted gives the rows in the order of their words.
func (l *Ledger) sorted() []*row {
	out := make([]*row, 0, len(l.rows))
	for _, r := range l.rows {
		out = append(out, r)
	}
	slices.SortFunc(out, l.compare)
	return out
}

func (l *Ledger) compare(a, b *row) int {
	word := func(x, y uint32) int {
		if x == y {
			return 0
		}
		return cmp.Compare(l.words.list[x], l.words.list[y])
	}
	x, y := &l.acts.list[a.key.act], &l.acts.list[b.key.act]
	if c := cmp.Or(word(a.key.principal, b.key.principal), cmp.Compare(x.Name, y.Name), word(a.key.resource, b.key.resource), word(a.key.account, b.key.account), word(a.key.region, b.key.region)); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(x.Level, y.Level), x.compare(*y)); c != 0 || a.key.root == b.key.root {
		return c
	}
	v, w := &l.roots.list[a.key.root], &l.roots.list[b.key.root]
	return cmp.Or(cmp.Compare(v.Kind, w.Kind), cmp.Compare(v.ID, w.ID), cmp.Compare(v.Strength, w.Strength))
}

// of gives the rows of a principal. The record of a session may lack the path of its role, and then the role's ARN in the ledger
// has a * there: such rows are of every role of that name.
func (l *Ledger) of(principal string) []*row {
	if l.index == nil {
		l.index = map[string][]*row{}
		for _, r := range l.rows {
			who := l.words.of(r.key.principal)
			l.index[who] = append(l.index[who], r)
		}
	}
	out := l.index[principal]
	if loose := pathless(principal); loose != "" && loose != principal {
		out = append(slices.Clip(out), l.index[loose]...)
	}
	return out
}
