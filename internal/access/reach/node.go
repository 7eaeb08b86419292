package reach

import (
	"jobzero/internal/access"
	"jobzero/internal/policy"
)

// Node is somebody that one can be. It is only good with the graph that gave it.
type Node struct {
	kind  kind
	who   int32 // a holder, or an account
	group int32 // of joined: in its account; of freed: 1 with every right
}

type kind uint8

const (
	holder kind = iota // a user or role as it is
	raised             // a user or role with every right that its boundary leaves
	joined             // a user that has joined a group
	freed              // a user or role without its boundary
	admin              // the administrator of an account
)

// Name is the ARN of a user or role; what else it is stands before it.
func (g *Graph) Name(n Node) string {
	switch n.kind {
	case admin:
		return "administrator of " + g.accounts[n.who].id
	case raised:
		return "all rights within limits as " + g.holders[n.who].ARN
	case freed:
		return g.holders[n.who].ARN + " without its boundary"
	case joined:
		return g.holders[n.who].ARN + " in " + g.groupOf(n).ARN
	case holder:
	}
	return g.holders[n.who].ARN
}

// Account of a node.
func (g *Graph) Account(n Node) string {
	if n.kind == admin {
		return g.accounts[n.who].id
	}
	return g.holders[n.who].Account
}

// being is a node with its policies.
func (g *Graph) being(n Node) *being {
	b := &being{node: n}
	if n.kind == admin {
		a := g.accounts[n.who]
		b.account = a
		b.policies = access.Policies{Identity: []*policy.Document{g.doors.all}, SCPs: g.e.Levels(a.id)}
		b.caller, _ = access.NewCaller(access.IAM, b.arn(), a.id) // the ARN is well formed
		b.kin = g.kinOf(b)
		return b
	}
	h := g.holders[n.who]
	b.h, b.account, b.caller = h, g.byID[h.Account], h.Caller()
	b.policies = g.change.policies(h, g.e.Policies(h))
	own := b.policies.Identity
	own = own[:len(own):len(own)]
	switch n.kind {
	case raised:
		b.policies.Identity = append(own, g.doors.all)
	case joined:
		group := g.groupOf(n)
		b.policies.Identity = append(own, group.Own...)
		for _, arn := range group.Attached {
			if d, ok := g.e.Managed(arn); ok {
				b.policies.Identity = append(b.policies.Identity, d)
			} else {
				b.policies.Unread = append(b.policies.Unread[:len(b.policies.Unread):len(b.policies.Unread)], arn)
			}
		}
	case freed:
		b.policies.Boundaries, b.policies.UnreadBoundary = nil, ""
		if n.group > 0 {
			b.policies.Identity = append(own, g.doors.all)
		}
	case holder, admin:
	}
	b.kin = g.kinOf(b)
	return b
}
