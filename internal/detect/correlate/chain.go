package correlate

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// A correlation may watch another one. What that has found belongs to groups of its own, which the events that made it name:
// so each hit carries, behind its text, an item for each key of each correlation further up. An item is the correlation's
// tag, then group and value as texts.
const tagBytes = 8

// splitItems cuts packed items apart. What does not fit is left out; decoding checks it before.
func splitItems(s string) []string {
	var out []string
	for s != "" {
		c := cursor{rest: s}
		c.bytes(tagBytes)
		c.text()
		c.text()
		if c.broken {
			return out
		}
		out = append(out, s[:len(s)-len(c.rest)])
		s = c.rest
	}
	return out
}

// items are what the keys of a hit mean to the correlations above r.
func (r *runner) items(keys []Key) []string {
	var out []string
	for _, o := range r.above {
		for i := range keys {
			if keys[i].For != o.spec.ID {
				continue
			}
			if value, ok := o.measure(keys[i].Values); ok {
				b := appendText([]byte(o.tag), string(appendList(nil, keys[i].Group)))
				out = append(out, string(appendText(b, value)))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// crowd knows the different items of the hits in a window.
type crowd map[string]int

// newCrowd is nil, and costs nothing, when nobody is above.
func (r *runner) newCrowd() crowd {
	if len(r.outers) == 0 {
		return nil
	}
	return crowd{}
}

func (c crowd) push(h *hit) {
	if c != nil {
		c[h.items()]++
	}
}

func (c crowd) drop(h *hit) {
	if c == nil {
		return
	}
	items := h.items()
	if c[items]--; c[items] == 0 {
		delete(c, items)
	}
}

// derived begins the event of a fact that a correlation found. It stands behind letters and digits, so that at one and the
// same time the events come before what follows from them.
const derived = "~"

// passPoint tells the temporal correlations above that a window held at a time. They want to know of every such time: the
// success that follows a burst of failures follows its end, not its beginning.
func (r *runner) passPoint(g *group, at int64, c crowd) {
	for _, o := range r.outers {
		if o.spec.temporal() {
			r.pass(o, at, derived+subject(r.spec.ID, g.key), c)
		}
	}
}

// passStart tells the counting correlations above that a firing began: they count firings, not the times it held.
func (r *runner) passStart(g *group, b *burst, at int64, c crowd) {
	for _, o := range r.outers {
		if !o.spec.temporal() {
			r.pass(o, at, derived+r.fingerprint(g, r.slot(b.first)), c)
		}
	}
}

// passStarts does so for trailing windows once the watermark has passed the beginning, as only then it is sure.
func (r *runner) passStarts(g *group) {
	if !r.counted {
		return
	}
	bursts := g.bursts()
	for i := range bursts {
		b := &bursts[i]
		if b.begun || b.first >= r.watermark {
			continue
		}
		b.begun = true
		c := r.newCrowd()
		for j := g.since(b.first - r.span); j < len(g.hits) && g.hits[j].at <= b.first; j++ {
			c.push(&g.hits[j])
		}
		r.passStart(g, b, b.first, c)
	}
}

// pass gives a fact to every group of an outer correlation that a hit in the window belongs to.
func (r *runner) pass(o *runner, at int64, event string, c crowd) {
	found := map[string]string{} // item for o: items for those above o
	for items := range c {
		all := splitItems(items)
		var up []string
		for _, item := range all {
			if slices.ContainsFunc(o.above, func(a *runner) bool { return strings.HasPrefix(item, a.tag) }) {
				up = append(up, item)
			}
		}
		for _, item := range all {
			if strings.HasPrefix(item, o.tag) {
				found[item] = strings.Join(union(found[item], strings.Join(up, "")), "")
			}
		}
	}
	for item, up := range found {
		cur := cursor{rest: item[tagBytes:]}
		group, value := cur.text(), cur.text()
		text := packHit(nil, event, event, value, []string{up})
		o.take(arrival{hit: hit{at, o.bits[r.spec.ID], string(text)}, group: []byte(group), derived: true})
	}
}

// link finds who watches whom and brings the runners into an order in which those that are watched come first.
func (m *Machine) link(specs []Spec) error {
	for _, s := range specs {
		r := m.runners[s.ID]
		for _, rule := range s.Rules {
			if inner := m.runners[rule]; inner != nil {
				r.inners = append(r.inners, inner)
				inner.outers = append(inner.outers, r)
				inner.counted = inner.counted || !s.temporal()
			}
		}
	}
	const white, grey, black = 0, 1, 2
	state := map[*runner]int{}
	var visit func(r *runner) error
	visit = func(r *runner) error {
		switch state[r] {
		case grey:
			return fault.New(fault.Invalid, "correlation %q watches itself, over others or at once", r.spec.ID)
		case black:
			return nil
		}
		state[r] = grey
		for _, inner := range r.inners {
			if err := visit(inner); err != nil {
				return err
			}
		}
		state[r] = black
		m.order = append(m.order, r)
		return nil
	}
	for _, s := range specs {
		if err := visit(m.runners[s.ID]); err != nil {
			return err
		}
	}
	for _, r := range slices.Backward(m.order) { // the outermost first
		for _, o := range r.outers {
			for _, a := range append([]*runner{o}, o.above...) {
				if !slices.Contains(r.above, a) {
					r.above = append(r.above, a)
				}
			}
		}
	}
	return nil
}
