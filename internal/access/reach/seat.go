package reach

import "strings"

// reserved is in the ARN of the role of a permission set (docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html).
const reserved = ":role/aws-reserved/sso.amazonaws.com/"

// seats are steps to the roles of permission sets, which whoever manages Identity Center gives out: in all accounts from the one that
// manages the organisation, and otherwise in one's own, which may have an Identity Center of its own.
func (g *Graph) seats(b *being, a asks) {
	list := g.seated[b.account.id]
	if g.e.Manages(b.account.id) {
		list = g.everySeat
	}
	if len(list) == 0 || a.again {
		return
	}
	for _, m := range Methods() {
		if m.on != onSeat || b.node.kind != admin && !b.kin.named(m) {
			continue
		}
		for _, r := range list {
			if g.spent() {
				return
			}
			if r != b.node.who || b.node.kind == admin {
				g.step(b, m, target{to: Node{who: r}, h: g.holders[r]}, a)
			}
		}
	}
}

// seat notes the role of a permission set.
func (g *Graph) seat(i int32) {
	if h := g.holders[i]; strings.Contains(h.ARN, reserved) {
		g.everySeat = append(g.everySeat, i)
		g.seated[h.Account] = append(g.seated[h.Account], i)
	}
}
