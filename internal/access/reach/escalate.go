package reach

import (
	"cmp"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// node finds a user or role, or the role of a session. An error is fault.NotFound.
func (g *Graph) node(who string) (Node, error) {
	h, ok := g.e.Holder(who)
	if !ok {
		return Node{}, fault.New(fault.NotFound, "nobody here is called %s", who)
	}
	return Node{who: g.place[h.ARN]}, nil
}

// Escalations are the shortest paths of somebody to administrators, one for each account that he comes to administer, the shortest first. The path of one
// who is an administrator already has no steps that count. True: the work was cut off by its limit. An error is fault.NotFound.
func (g *Graph) Escalations(who string) ([]Path, bool, error) {
	from, err := g.node(who)
	if err != nil {
		return nil, false, err
	}
	w := g.walk(from)
	var out []Path
	for _, n := range w.order {
		if n.kind == admin {
			out = append(out, Path{from, n, w.path(n), w.seen[n].truth})
		}
	}
	slices.SortStableFunc(out, func(a, b Path) int {
		return cmp.Or(cmp.Compare(b.Truth, a.Truth), cmp.Compare(a.Length(), b.Length()), cmp.Compare(g.Account(a.To), g.Account(b.To)))
	})
	return out, w.cut, nil
}

// Ways are all steps that somebody can take by itself, those that lead to an administrator too, in the order of the table.
func (g *Graph) Ways(who string) ([]Edge, error) {
	from, err := g.node(who)
	if err != nil {
		return nil, err
	}
	g.asked = 0
	var out []Edge
	g.edges(g.being(from), asks{skip: func(Node) bool { return false }, full: true, explain: true, yield: func(e Edge) { out = append(out, e) }})
	slices.SortStableFunc(out, func(a, b Edge) int { return cmp.Compare(a.Method.number, b.Method.number) })
	return out, nil
}

// Climber is somebody who is no administrator and can become one.
type Climber struct {
	ARN   string
	Path  Path
	Truth policy.Truth
}

// Overview is who is an administrator, who can become one, and what to take away.
type Overview struct {
	Principals int
	Admins     []string
	Climbers   []Climber // certain first, then by steps
	Fixes      []Fix
	Entries    map[string][]string // roles that are taken on from outside
	Cut        bool
}

// Overview is that of the whole estate, with the fixes that cut most paths, each beside those before it.
func (g *Graph) Overview(fixes int) Overview {
	all := g.everybody()
	out := Overview{Principals: len(g.holders), Entries: g.Entries(), Cut: all.cut}
	maybeAway, maybeNext := map[Node]int{}, map[Node]Edge{}
	var goals []Node
	for i := range g.accounts {
		goals = append(goals, Node{kind: admin, who: int32(i)})
		maybeAway[goals[i]] = 0
	}
	all.back(goals, func(Edge) bool { return true }, maybeAway, maybeNext)
	for i, h := range g.holders {
		n := Node{who: int32(i)}
		_, sure := all.away[n]
		_, perhaps := maybeAway[n]
		switch {
		case g.isAdmin(n):
			out.Admins = append(out.Admins, h.ARN)
		case sure:
			out.Climbers = append(out.Climbers, Climber{h.ARN, g.chain(n, all.next, policy.Yes), policy.Yes})
		case perhaps:
			out.Climbers = append(out.Climbers, Climber{h.ARN, g.chain(n, maybeNext, policy.Maybe), policy.Maybe})
		}
	}
	slices.SortStableFunc(out.Climbers, func(a, b Climber) int {
		return cmp.Or(cmp.Compare(b.Truth, a.Truth), cmp.Compare(a.Path.Length(), b.Path.Length()))
	})
	out.Fixes = g.fixes(all, fixes)
	return out
}

func (g *Graph) isAdmin(n Node) bool {
	return g.administrator(g.being(n), false).truth == policy.Yes
}

// chain follows the next steps to a goal.
func (g *Graph) chain(n Node, next map[Node]Edge, t policy.Truth) Path {
	p := Path{From: n, To: n, Truth: t}
	for {
		e, ok := next[p.To]
		if !ok {
			return p
		}
		p.Steps = append(p.Steps, e)
		p.To = e.To
	}
}
