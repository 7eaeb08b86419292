package reach

import (
	"strings"
	"sync"

	"jobzero/internal/policy"
)

// methodOf finds a method of the table.
func methodOf(name string) *Method {
	for _, m := range Methods() {
		if m.Name == name {
			return m
		}
	}
	panic("methods.txt has no " + name)
}

var assuming = sync.OnceValue(func() *Method { return methodOf("assume-role") })

// assumes are steps to roles that somebody may take on. Only those are asked whose trust names him, his account or anybody.
func (g *Graph) assumes(b *being, a asks) {
	try := func(list []int32) {
		for _, r := range list {
			if g.spent() {
				return
			}
			if to := (Node{who: r}); to != b.node && !a.skip(to) {
				g.step(b, assuming(), target{to: to, h: g.holders[r]}, a)
			}
		}
	}
	if b.h != nil {
		try(g.doors.byARN[b.h.ARN])
	}
	may := b.kin.names("sts:assumerole")
	for _, d := range []*door{g.doors.byAccount[b.account.id], &g.doors.anybody} {
		if d == nil {
			continue
		}
		if may && !a.again {
			try(d.common)
		}
		if may || d == &g.doors.anybody {
			try(d.personal)
		}
	}
	if !may && !a.again { // whom a role of the same account lets in as anybody needs nothing else
		for _, r := range g.doors.anybody.common {
			if g.holders[r].Account == b.account.id {
				try([]int32{r})
			}
		}
	}
	if g.change != nil {
		try(g.change.doors)
	}
}

// rule are the steps of the administrator of an account: to all of its users and roles.
func (g *Graph) rule(b *being, a asks) {
	for _, list := range [][]int32{b.account.users, b.account.roles} {
		for _, i := range list {
			if g.spent() {
				return
			}
			to, h := Node{who: i}, g.holders[i]
			if a.skip(to) || untouchable(h.ARN) {
				continue
			}
			m := taking(h.ARN)
			if b.account.plain && !a.explain {
				a.yield(Edge{From: b.node, To: to, Method: m, Truth: policy.Yes, target: target{to: to, h: h}})
			} else {
				g.step(b, m, target{to: to, h: h}, a)
			}
		}
	}
}

// taking is how an administrator takes over a user or a role.
func taking(arn string) *Method {
	if isRole(arn) {
		return trusting()
	}
	return keying()
}

var (
	trusting = sync.OnceValue(func() *Method { return methodOf("trust") })
	keying   = sync.OnceValue(func() *Method { return methodOf("access-key") })
)

func lastOf(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }
