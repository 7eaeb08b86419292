package reach

import (
	"cmp"
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/policy"
)

// Fix is a statement to take away, and what that is worth.
type Fix struct {
	Holder    string // ARN of whom the policy is written into, or the role that it is the trust of; empty: a managed policy
	Policy    string // its ARN or name
	Statement *policy.Statement
	Trust     bool // it is the trust of the role
	// Climbers are principals that can become administrators and are none; Steps are the steps that lead them there; both beside the fixes before this one.
	ClimbersBefore, ClimbersAfter int
	StepsBefore, StepsAfter       int

	document *policy.Document
}

// Change is the fix as a change of the graph.
func (f Fix) Change() Change { return Without(f.Holder, f.document, f.Statement) }

// cause is a statement of somebody's policy.
type cause struct {
	holder    string
	document  *policy.Document
	statement *policy.Statement
}

// maxCauses is how many statements are tried in each round: those that most steps rest on.
const maxCauses = 64

// useful are the certain steps of those who are no administrators that lead to one, and what each rests on.
func (g *Graph) useful(all *everything) ([]Edge, [][]cause) {
	var edges []Edge
	for _, list := range all.into {
		for _, e := range list {
			if _, leads := all.away[e.To]; leads && e.Truth == policy.Yes && e.From.kind != admin && e.Method.number >= 0 && !g.isAdmin(e.From) {
				edges = append(edges, e)
			}
		}
	}
	slices.SortFunc(edges, g.order)
	causes := make([][]cause, len(edges))
	for i, e := range edges {
		for _, c := range g.explained(e).Calls {
			for _, r := range c.By {
				if x := g.causeOf(e, c, r); x.document != nil && !slices.Contains(causes[i], x) {
					causes[i] = append(causes[i], x)
				}
			}
		}
	}
	return edges, causes
}

func (g *Graph) order(a, b Edge) int {
	return cmp.Or(cmp.Compare(a.From.who, b.From.who), cmp.Compare(a.From.kind, b.From.kind), cmp.Compare(a.From.group, b.From.group), cmp.Compare(a.To.kind, b.To.kind),
		cmp.Compare(a.To.who, b.To.who), cmp.Compare(a.Method.number, b.Method.number), strings.Compare(a.Through, b.Through))
}

// causeOf says whose policy a reason is in. What a step gives oneself first is nobody's.
func (g *Graph) causeOf(e Edge, c Call, r access.Reason) cause {
	switch {
	case r.Document == g.doors.all || r.Document == g.doors.in:
		return cause{}
	case r.Layer == access.LayerResource:
		return cause{c.Resource, r.Document, r.Statement}
	case r.Layer != access.LayerIdentity:
		return cause{}
	}
	h := g.holders[e.From.who]
	if slices.Contains(h.Own, r.Document) {
		return cause{h.ARN, r.Document, r.Statement}
	}
	for _, name := range h.Groups {
		if group, ok := g.e.Group(name); ok && slices.Contains(group.Own, r.Document) {
			return cause{group.ARN, r.Document, r.Statement}
		}
	}
	return cause{"", r.Document, r.Statement}
}

// fixes finds greedily which statement to take away first, and then next. Whether a step is gone without it is decided again, not concluded.
func (g *Graph) fixes(all *everything, n int) (out []Fix) {
	edges, causes := g.useful(all)
	gone := make([]bool, len(edges))
	lose := map[cause][]int{}
	for range n {
		before, left := g.climbers(edges, gone)
		if before == 0 {
			return out
		}
		best := Fix{ClimbersAfter: before + 1}
		var lost []int
		for _, c := range common(causes, gone) {
			without, ok := lose[c]
			if !ok {
				without = g.without(c, edges, causes)
				lose[c] = without
			}
			without = slices.DeleteFunc(slices.Clone(without), func(i int) bool { return gone[i] })
			for _, i := range without {
				gone[i] = true
			}
			after, steps := g.climbers(edges, gone)
			for _, i := range without {
				gone[i] = false
			}
			if best.document == nil || cmp.Or(cmp.Compare(after, best.ClimbersAfter), cmp.Compare(steps, best.StepsAfter)) < 0 {
				best, lost = Fix{c.holder, g.policyName(c), c.statement, g.isTrust(c), before, after, left, steps, c.document}, without
			}
		}
		if best.document == nil || len(lost) == 0 {
			return out
		}
		for _, i := range lost {
			gone[i] = true
		}
		out = append(out, best)
	}
	return out
}

// without are the steps that go when a statement does.
func (g *Graph) without(c cause, edges []Edge, causes [][]cause) (out []int) {
	changed := g.Changed(Without(c.holder, c.document, c.statement))
	for i, e := range edges {
		if !slices.Contains(causes[i], c) {
			continue
		}
		if changed.judge(changed.being(e.From), e.Method, e.target, false).truth != policy.Yes {
			out = append(out, i)
		}
	}
	return out
}

// common are the causes that most of the steps rest on.
func common(causes [][]cause, gone []bool) []cause {
	count, first := map[cause]int{}, map[cause]int{}
	for i, list := range causes {
		for _, c := range list {
			if !gone[i] {
				if count[c]++; count[c] == 1 {
					first[c] = i
				}
			}
		}
	}
	out := make([]cause, 0, len(count))
	for c := range count {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b cause) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(first[a], first[b]), strings.Compare(a.holder, b.holder),
			strings.Compare(a.document.Name, b.document.Name), cmp.Compare(a.statement.Number, b.statement.Number))
	})
	return out[:min(len(out), maxCauses)]
}

// climbers counts who still gets to an administrator by the steps that are left, and the steps that get there.
func (g *Graph) climbers(edges []Edge, gone []bool) (who, steps int) {
	into := map[Node][]int{}
	for i, e := range edges {
		if !gone[i] {
			into[e.To] = append(into[e.To], i)
		}
	}
	seen := map[Node]bool{}
	var queue []Node
	for n := range into {
		if n.kind == admin || n.kind == holder && g.isAdmin(n) {
			seen[n] = true
			queue = append(queue, n)
		}
	}
	for at := 0; at < len(queue); at++ {
		for _, i := range into[queue[at]] {
			steps++
			if from := edges[i].From; !seen[from] {
				seen[from] = true
				queue = append(queue, from)
				if from.kind == holder {
					who++
				}
			}
		}
	}
	return who, steps
}

// policyName is the ARN of a managed policy, or the name of another.
func (g *Graph) policyName(c cause) string {
	if c.holder == "" {
		for _, h := range g.holders {
			for _, arn := range h.Attached {
				if d, ok := g.e.Managed(arn); ok && d == c.document {
					return arn
				}
			}
		}
		for _, group := range g.e.Groups() {
			for _, arn := range group.Attached {
				if d, ok := g.e.Managed(arn); ok && d == c.document {
					return arn
				}
			}
		}
	}
	return c.document.Name
}

func (g *Graph) isTrust(c cause) bool {
	i, ok := g.place[c.holder]
	return ok && g.holders[i].Trust == c.document
}
