package reach

import (
	"slices"

	"jobzero/internal/policy"
)

// everything are the steps of everybody.
type everything struct {
	into map[Node][]Edge
	away map[Node]int // from an administrator, by certain steps; of those who can become one
	next map[Node]Edge
	cut  bool
}

// everybody finds the steps of everybody; once.
func (g *Graph) everybody() *everything {
	if g.all != nil {
		return g.all
	}
	limit := g.o.Limit
	g.o.Limit, g.asked = limit*20, 0 // a question over all may take longer than one over one
	all := &everything{into: map[Node][]Edge{}}
	queue := make([]Node, 0, len(g.holders)+len(g.accounts))
	for i := range g.holders {
		queue = append(queue, Node{who: int32(i)})
	}
	for i := range g.accounts {
		queue = append(queue, Node{kind: admin, who: int32(i)})
	}
	seen := map[Node]bool{}
	count := 0
	for ; len(queue) > 0 && !g.spent() && count < maxEdges; queue = queue[1:] {
		g.edges(g.being(queue[0]), asks{skip: func(Node) bool { return false }, yield: func(e Edge) {
			all.into[e.To] = append(all.into[e.To], e)
			count++
			if e.To.kind != holder && e.To.kind != admin && !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, e.To)
			}
		}})
	}
	all.cut = g.spent() || count >= maxEdges
	g.o.Limit, g.asked = limit, 0
	all.measure(g, nil)
	g.all = all
	return all
}

// maxEdges bounds what is kept of everybody's steps.
const maxEdges = 4_000_000

// measure finds who can become an administrator, and by how many steps, but for steps that are left out.
func (a *everything) measure(g *Graph, without func(Edge) bool) {
	a.away, a.next = map[Node]int{}, map[Node]Edge{}
	var queue []Node
	for i := range g.accounts {
		n := Node{kind: admin, who: int32(i)}
		a.away[n] = 0
		queue = append(queue, n)
	}
	a.back(queue, func(e Edge) bool { return e.Truth == policy.Yes && (without == nil || !without(e)) }, a.away, a.next)
}

// back goes from goals to all who get there.
func (a *everything) back(queue []Node, take func(Edge) bool, away map[Node]int, next map[Node]Edge) {
	for at := 0; at < len(queue); at++ {
		to := queue[at]
		for _, e := range a.into[to] {
			if _, ok := away[e.From]; ok || !take(e) {
				continue
			}
			steps := away[to] + 1
			next[e.From] = e
			if e.Method.number < 0 { // what one is already is no step
				away[e.From] = steps - 1
				queue = slices.Insert(queue, at+1, e.From)
				continue
			}
			away[e.From] = steps
			queue = append(queue, e.From)
		}
	}
}

// Path is how somebody gets to a goal.
type Path struct {
	From, To Node
	Steps    []Edge
	Truth    policy.Truth
}

// Length is the number of steps; what one is already is none.
func (p Path) Length() int {
	n := 0
	for _, e := range p.Steps {
		if e.Method.number >= 0 {
			n++
		}
	}
	return n
}

// Unknown is what a path hangs on.
func (p Path) Unknown() (out []string) {
	for _, e := range p.Steps {
		out = joinedTexts(out, e.Unknown)
	}
	return out
}

// Explained is a path with the calls that each step needs, and what allows them.
func (g *Graph) Explained(p Path) Path {
	p.Steps = slices.Clone(p.Steps)
	for i, e := range p.Steps {
		p.Steps[i] = g.explained(e)
	}
	return p
}
