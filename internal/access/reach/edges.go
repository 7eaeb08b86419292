package reach

import (
	"maps"
	"slices"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// Edge is a step from one to another.
type Edge struct {
	From, To Node
	Method   *Method
	Through  string // the resource, group, service or provider; empty: nothing else
	Truth    policy.Truth
	Unknown  []string // of Maybe: what it hangs on
	Calls    []Call   // where they were asked for
	target   target
}

// asks is what whoever follows edges wants of them.
type asks struct {
	skip    func(Node) bool // nobody needs to know how one gets there
	again   bool            // one of the same rights was asked already
	owned   bool            // the account is in hand: only what lies outside of it matters
	full    bool            // what an administrator may besides, too
	explain bool
	yield   func(Edge)
}

// edges finds the steps that somebody can take.
func (g *Graph) edges(b *being, a asks) {
	if b.node.kind == admin {
		g.rule(b, a)
		g.seats(b, a)
		g.assumes(b, a)
		return
	}
	if !a.owned {
		g.step(b, administers(), target{to: g.adminOf(b.node)}, a)
		if a.full || g.administrator(b, false).truth != policy.Yes {
			g.inside(b, a)
		} else {
			a.skip = b.beyond(g, a.skip)
		}
		g.seats(b, a)
	}
	g.assumes(b, a)
}

// beyond leaves out what the administrator of the account takes over by as many steps.
func (b *being) beyond(g *Graph, skip func(Node) bool) func(Node) bool {
	if !b.account.plain {
		return skip
	}
	return func(n Node) bool {
		h := g.holders[n.who]
		return h.Account == b.account.id && !untouchable(h.ARN) || skip(n)
	}
}

// adminOf is the administrator of somebody's account.
func (g *Graph) adminOf(n Node) Node {
	if n.kind == admin {
		return n
	}
	return Node{kind: admin, who: g.byID[g.holders[n.who].Account].number}
}

// inside are the steps within the account.
func (g *Graph) inside(b *being, a asks) {
	for _, m := range Methods() {
		if g.spent() {
			return
		}
		named := b.kin.named(m)
		switch {
		case m.gain == gainStay, !named && m.on != onMachine:
		case m.on == onSelf, m.on == onSelfUser, m.on == onSelfRole, m.on == onGroup, m.on == onJoin:
			g.selves(b, m, a)
		case a.again && m.on != onMachine:
		case m.on == onUser:
			g.others(b, m, b.account.users, a)
		case m.on == onRole:
			g.others(b, m, b.account.roles, a)
		case m.on == onService:
			for _, s := range m.services {
				for _, r := range b.account.trusting[s] {
					g.step(b, m, target{to: Node{who: r}, h: g.holders[r], service: s}, a)
				}
			}
		case m.on == onSAML:
			for _, provider := range slices.Sorted(maps.Keys(b.account.saml)) {
				for _, r := range b.account.saml[provider] {
					g.step(b, m, target{to: Node{who: r}, h: g.holders[r], provider: provider}, a)
				}
			}
		case m.on == onMachine:
			g.machines(b, m, named, a)
		}
	}
}

// selves are steps by which one changes what oneself may do.
func (g *Graph) selves(b *being, m *Method, a asks) {
	up := Node{kind: raised, who: b.node.who}
	user := !isRole(b.h.ARN)
	switch {
	case m.gain == gainFreed:
		to := Node{kind: freed, who: b.node.who}
		if b.node.kind == raised {
			to.group = 1
		}
		if b.h.Boundary != "" && b.node.kind != freed && (m.on == onSelf || user == (m.on == onSelfUser)) {
			g.step(b, m, target{to: to}, a)
		}
	case m.gain == gainAdmin:
		g.step(b, m, target{to: g.adminOf(b.node)}, a)
	case m.on == onSelf, m.on == onSelfUser && user, m.on == onSelfRole && !user:
		g.step(b, m, target{to: up}, a)
	case m.on == onGroup && user:
		for _, name := range b.h.Groups {
			if group, ok := g.e.Group(name); ok {
				g.step(b, m, target{to: up, h: group}, a)
			}
		}
	case m.on == onJoin && user && b.node.kind == holder:
		for i, group := range b.account.groups {
			if !in(b.h, group) {
				g.step(b, m, target{to: Node{kind: joined, who: b.node.who, group: int32(i)}, h: group}, a)
			}
		}
	}
}

func in(h, group *estate.Holder) bool {
	for _, name := range h.Groups {
		if len(group.ARN) > 0 && name == group.Account+" "+lastOf(group.ARN) {
			return true
		}
	}
	return false
}

// others are steps to users and roles of the account.
func (g *Graph) others(b *being, m *Method, list []int32, a asks) {
	for _, i := range list {
		if i == b.node.who || g.spent() || m.on == onRole && untouchable(g.holders[i].ARN) {
			continue
		}
		to := Node{who: i}
		if m.gain == gainRights {
			to.kind = raised
		}
		g.step(b, m, target{to: to, h: g.holders[i]}, a)
	}
}

// machines are steps to what runs as a role. Of an account of which no resource is known, any role that is for such machines may run.
func (g *Graph) machines(b *being, m *Method, named bool, a asks) {
	if len(b.account.blocks) == 0 {
		for _, s := range m.services {
			for _, r := range b.account.trusting[s] {
				if named && !a.again {
					g.step(b, m, target{to: Node{who: r}, h: g.holders[r]}, a)
				}
			}
		}
		return
	}
	for _, x := range b.account.machines[m.machine] {
		if !x.Guarded() && (a.again || !named) || x.Runs == "" {
			continue
		}
		if r, ok := g.place[x.Runs]; ok {
			g.step(b, m, target{to: Node{who: r}, h: g.holders[r], asset: x}, a)
		}
	}
}

// step tries one, and yields it when it can be taken, or perhaps.
func (g *Graph) step(b *being, m *Method, t target, a asks) {
	if t.to == b.node || a.skip(t.to) || g.spent() {
		return
	}
	var out answer
	if m.number < 0 {
		out = g.administrator(b, a.explain)
	} else {
		out = g.judge(b, m, t, a.explain)
	}
	if out.truth == policy.No {
		return
	}
	to := g.landing(t.to)
	if to == b.node || to != t.to && a.skip(to) {
		return
	}
	a.yield(Edge{b.node, to, m, t.through(), out.truth, out.unknown, out.calls, t})
}

// through is what a step goes by, beside whom it leads to.
func (t target) through() string {
	switch {
	case t.asset != nil:
		return t.asset.ARN
	case t.service != "":
		return t.service
	case t.provider != "":
		return t.provider
	case t.h != nil && (t.to.kind == raised || t.to.kind == joined):
		return t.h.ARN
	}
	return ""
}
