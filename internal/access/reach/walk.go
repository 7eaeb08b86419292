package reach

import (
	"slices"

	"jobzero/internal/policy"
)

// walk is how one gets from a start to all that is reached, by the fewest steps: first by steps that are certain, then by those that hang on something.
type walk struct {
	g     *Graph
	seen  map[Node]*visit
	order []Node
	later []Edge        // that hang on something
	after map[Node]bool // where those lead
	asked map[[2]int]bool
	at    int  // in order: whose steps are looked for
	sure  bool // the steps so far are certain
	cut   bool // the limit of the work was reached
}

// visit is how one got somewhere.
type visit struct {
	edge  Edge
	steps int
	truth policy.Truth
}

// walk goes from a start.
func (g *Graph) walk(from Node) *walk {
	g.asked = 0
	w := &walk{g: g, seen: map[Node]*visit{from: {truth: policy.Yes}}, order: []Node{from}, after: map[Node]bool{}, asked: map[[2]int]bool{}, sure: true}
	next := w.run(0)
	w.sure, w.asked = false, map[[2]int]bool{}
	for i := 0; i < len(w.later); i++ { // it grows no more: whoever is reached perhaps reaches others at most perhaps
		if e := w.later[i]; w.seen[e.To] == nil {
			w.visit(e)
		}
	}
	w.run(next)
	w.cut = g.spent()
	return w
}

// run goes on from all that was reached since.
func (w *walk) run(next int) int {
	for ; next < len(w.order) && !w.g.spent(); next++ {
		w.at = next
		n := w.order[next]
		if n.kind == holder && w.owned(n) && !w.g.special(n) {
			continue
		}
		b := w.g.being(n)
		key := [2]int{b.kin.number, int(n.kind)}
		a := asks{skip: w.done, yield: w.take, again: w.asked[key] && n.kind == holder, owned: n.kind != admin && w.owned(n)}
		if !b.kin.personal {
			w.asked[key] = w.asked[key] || !a.owned
		}
		w.g.edges(b, a)
	}
	return next
}

// owned reports whether the account of somebody is in hand already, as surely as he is.
func (w *walk) owned(n Node) bool {
	v := w.seen[w.g.adminOf(n)]
	return v != nil && (v.truth == policy.Yes || !w.sure)
}

// special reports whether somebody may get where the administrator of his account does not: by his own name.
func (g *Graph) special(n Node) bool {
	h := g.holders[n.who]
	d := g.doors.byAccount[h.Account]
	return g.change != nil || len(g.doors.anybody.personal) > 0 || d != nil && len(d.personal) > 0 || len(g.doors.byARN[h.ARN]) > 0
}

// done reports whether it is known how one gets to somebody.
func (w *walk) done(n Node) bool { return w.seen[n] != nil }

func (w *walk) take(e Edge) {
	switch {
	case w.seen[e.To] != nil:
	case w.sure && e.Truth == policy.Maybe:
		if !w.after[e.To] {
			w.after[e.To] = true
			w.later = append(w.later, e)
		}
	default:
		w.visit(e)
	}
}

func (w *walk) visit(e Edge) {
	t := policy.Yes
	if !w.sure {
		t = policy.Maybe
	}
	steps := w.seen[e.From].steps
	if e.Method.number >= 0 {
		w.order = append(w.order, e.To)
		steps++
	} else { // what one is already is no step: it comes before all that is a step away
		w.order = slices.Insert(w.order, w.at+1, e.To)
	}
	w.seen[e.To] = &visit{e, steps, t}
}

// path is how one got somewhere, from the start, each step with the calls that it needs and what allows them.
func (w *walk) path(to Node) []Edge {
	var out []Edge
	for v := w.seen[to]; v != nil && v.edge.Method != nil; v = w.seen[v.edge.From] {
		out = append(out, w.g.explained(v.edge))
	}
	slices.Reverse(out)
	return out
}

// explained is a step with the calls that it needs.
func (g *Graph) explained(e Edge) Edge {
	b := g.being(e.From)
	var out answer
	if e.Method.number < 0 {
		out = g.administrator(b, true)
	} else {
		out = g.judge(b, e.Method, e.target, true)
	}
	if out.truth != policy.No {
		e.Calls = out.calls
	}
	return e
}
