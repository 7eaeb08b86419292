package least

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// narrowed is parts of statements that have the same conditions: what they allow together, action by action.
type narrowed struct {
	when   when
	notRes []string // all but these resources; nil: those of each action
	acts   map[string]resources
	from   []*grant
	levels map[string]int // of actions and patterns of them, shared by all parts
	spelt  map[string]string
}

// level is levelOf, worked out once.
func (p *narrowed) level(action string) int {
	l, ok := p.levels[action]
	if !ok {
		l = levelOf(action)
		p.levels[action] = l
	}
	return l
}

// resources are patterns by how they are written.
type resources map[string]*policy.Pattern

// text is one text for equal resources.
func (r resources) text() string { return strings.Join(slices.Sorted(maps.Keys(r)), "\x00") }

// narrower takes of each statement what is wanted.
type narrower struct {
	st    *statements
	parts map[string]*narrowed
	lost  map[string]bool // actions that were used, and that no statement allows

	levels map[string]int
	spelt  map[string]string // actions that nobody knows, as they were used
	work   int               // what is left of maxWork; below 0 it was given up

	some, but map[*grant]*narrowed // where parts of a statement go: those with some resources, and those with all but what it names
}

// maxWork bounds the work on one principal, in statements and resources that are looked at. What takes more fits into no policy.
const maxWork = 1 << 21

// narrow makes the parts of statements that give what is wanted. Wants are worked through in the order of their actions.
func narrow(st *statements, n needs) *narrower {
	out := &narrower{st: st, work: maxWork, levels: map[string]int{}, spelt: map[string]string{}, parts: map[string]*narrowed{}, lost: map[string]bool{}, some: map[*grant]*narrowed{}, but: map[*grant]*narrowed{}}
	for _, action := range slices.Sorted(maps.Keys(n)) {
		if out.work < 0 {
			return out
		}
		i, known := open().at[action]
		if known && st.never.has(i) {
			continue
		}
		for _, w := range n[action] {
			if old, ok := out.spelt[action]; !known && w.name != "" && (!ok || w.name < old) {
				out.spelt[action] = w.name
			}
		}
		var list []*grant
		for _, g := range st.allow {
			if known && g.acts.has(i) || !known && g.Names(action) {
				list = append(list, g)
			}
		}
		if slices.ContainsFunc(n[action], func(w want) bool { return w.whole }) {
			for _, g := range list {
				out.whole(action, g)
				if out.work < 0 {
					return out
				}
			}
			if len(list) > 0 {
				continue
			}
		}
		for _, w := range n[action] {
			if out.work < 0 {
				return out
			}
			if !out.place(action, w, list) && w.why == Used {
				out.lost[action] = true
			}
		}
	}
	out.strange()
	return out
}

// place puts a want into the statements that give it: one without conditions where there is one, else all that may have done so.
func (n *narrower) place(action string, w want, list []*grant) bool {
	for _, g := range list {
		n.work -= 1 + (len(g.Resources)+len(g.NotRes))/4
		if g.when.text == "" && !w.bare && g.covers(w.about) {
			n.add(action, g, written(w.about))
			return true
		}
		if g.when.text == "" && w.bare && slices.ContainsFunc(g.Resources, (*policy.Pattern).All) {
			n.add(action, g, written(anything))
			return true
		}
	}
	found := false
	for _, g := range list {
		switch {
		case w.bare:
			found = n.bare(action, g) || found
		case g.covers(w.about):
			n.add(action, g, written(w.about))
			found = true
		case g.NotRes != nil:
			n.whole(action, g)
			found = true
		default:
			for _, p := range g.res {
				if p.Meets(w.about) {
					n.add(action, g, p)
					found = true
				}
			}
		}
	}
	return found
}

// bare takes of a statement what covers a call that is about no resource. An action that has resources was about one that is not known.
func (n *narrower) bare(action string, g *grant) bool {
	if a, ok := names.Find(action); g.NotRes != nil || !ok || len(a.About) > 0 {
		n.whole(action, g)
		return true
	}
	found := false
	for _, p := range g.res {
		if p.Vars() || p.Fits("*") {
			n.add(action, g, p)
			found = true
		}
	}
	return found
}

func written(p *policy.Pattern) about { return about{p, p.Written()} }

// whole takes an action with all resources of a statement.
func (n *narrower) whole(action string, g *grant) {
	n.work -= 4 * (1 + len(g.res)) // each is written in every shape
	if g.NotRes != nil {
		if n.but[g] == nil {
			n.but[g] = n.part(g, writtenOf(g.NotRes))
		}
		n.but[g].of(action)
		return
	}
	for _, p := range g.res {
		n.add(action, g, p)
	}
}

func (n *narrower) add(action string, g *grant, p about) {
	if n.some[g] == nil {
		n.some[g] = n.part(g, nil)
	}
	n.some[g].of(action)[p.text] = p.Pattern
}

// of gives the resources of an action.
func (p *narrowed) of(action string) resources {
	r, ok := p.acts[action]
	if !ok {
		r = resources{}
		p.acts[action] = r
	}
	return r
}

// part is where parts of a statement are put together with those of others under the same conditions.
func (n *narrower) part(g *grant, notRes []string) *narrowed {
	key := g.when.text + "\x00" + strings.Join(notRes, "\x00")
	p, ok := n.parts[key]
	if !ok {
		p = &narrowed{when: g.when, notRes: notRes, acts: map[string]resources{}, levels: n.levels, spelt: n.spelt}
		n.parts[key] = p
	}
	p.from = append(p.from, g)
	return p
}

// strange keeps patterns of actions of which there is none in the table of names: whether they were used cannot be said.
func (n *narrower) strange() {
	for _, g := range n.st.allow {
		for _, p := range g.Actions {
			if len(n.st.memory[p.String()]) == 0 {
				n.whole(p.String(), g)
			}
		}
	}
}

// maxLicence bounds the work on one question of licensed. What takes more is not licensed.
const maxLicence = 1 << 18

// licensed reports whether one of the statements allows all actions of a pattern on all of some resources, under these conditions.
func (p *narrowed) licensed(actions *policy.Pattern, list []*policy.Pattern) bool {
	if len(p.from)*max(1, len(list)) > maxLicence {
		return false
	}
	return slices.ContainsFunc(p.from, func(g *grant) bool {
		if !g.names(actions) {
			return false
		}
		if p.notRes != nil {
			return g.NotRes != nil && slices.Equal(writtenOf(g.NotRes), p.notRes)
		}
		return !slices.ContainsFunc(list, func(r *policy.Pattern) bool { return !g.covers(r) })
	})
}

// writtenOf are patterns as they are written, sorted.
func writtenOf(list []*policy.Pattern) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Written())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
