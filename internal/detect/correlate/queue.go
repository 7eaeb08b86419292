package correlate

import (
	"cmp"
	"slices"
)

// queue is a heap of groups by when they are due. A group whose time changes is put in again; who takes one out looks whether
// it is still meant.
type queue []appointment

type appointment struct {
	due   int64
	group *group
}

// due is when the first is due; ever when nobody is.
func (q queue) due() int64 {
	if len(q) == 0 {
		return ever
	}
	return q[0].due
}

func (q *queue) push(due int64, g *group) {
	h := append(*q, appointment{due, g})
	i := len(h) - 1
	for i > 0 && h[(i-1)/2].due > h[i].due {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
		i = (i - 1) / 2
	}
	*q = h
}

func (q *queue) pop() (int64, *group) {
	h := *q
	top, last := h[0], len(h)-1
	h[0], h[last] = h[last], appointment{}
	h = h[:last]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
			if h[child].due < h[least].due {
				least = child
			}
		}
		if least == i {
			break
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
	*q = h
	return top.due, top.group
}

// tidy takes out the appointments that nobody will keep.
func (q *queue) tidy() {
	h := slices.DeleteFunc(*q, func(a appointment) bool { return a.group.is(gone) || a.group.due != a.due })
	slices.SortFunc(h, func(a, b appointment) int { return cmp.Compare(a.due, b.due) }) // what is sorted is a heap
	*q = slices.Clip(h)
}

// list keeps a correlation's groups in the order in which they last made progress.
type list struct{ oldest, newest *group }

// renew puts a group to the end.
func (l *list) renew(g *group, m *Machine) {
	l.cut(g)
	m.progress++
	g.stamp = m.progress
	if g.prev = l.newest; g.prev == nil {
		l.oldest = g
	} else {
		g.prev.next = g
	}
	l.newest = g
}

// cut takes a group out, if it is in.
func (l *list) cut(g *group) {
	if g.stamp == 0 {
		return
	}
	if g.prev == nil {
		l.oldest = g.next
	} else {
		g.prev.next = g.next
	}
	if g.next == nil {
		l.newest = g.prev
	} else {
		g.next.prev = g.prev
	}
	g.prev, g.next, g.stamp = nil, nil, 0
}
