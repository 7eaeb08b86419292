package reach

import (
	"sync"

	"jobzero/internal/policy"
)

// administers is a method of the table's form that nobody takes: whoever may do all of it sets permissions without limit.
var administers = sync.OnceValue(func() *Method {
	out, err := readMethods(`method administers
title sets permissions without limit
on self
gain admin
need iam:CreateUser new iam:PermissionsBoundary=
need iam:CreateRole new iam:PermissionsBoundary=
need iam:CreateAccessKey new
need iam:AttachUserPolicy new iam:PolicyARN=arn:aws:iam::aws:policy/AdministratorAccess
need iam:PutUserPolicy new
need iam:AttachRolePolicy new iam:PolicyARN=arn:aws:iam::aws:policy/AdministratorAccess
need iam:PutRolePolicy new
need iam:UpdateAssumeRolePolicy new
need iam:CreatePolicyVersion new
need iam:PassRole new
`)
	if err != nil {
		panic(err)
	}
	out[0].number = -1
	return out[0]
})

// administrator says whether somebody sets permissions without limit in its account already.
func (g *Graph) administrator(b *being, explain bool) answer {
	k := b.kin
	if b.node.kind == admin {
		return answer{truth: policy.Yes}
	}
	if k.admin != nil && !explain {
		return *k.admin
	}
	out := cannot()
	if k.names("iam:createuser") && k.names("iam:attachrolepolicy") && k.names("iam:updateassumerolepolicy") && k.names("iam:passrole") {
		out = g.common(b, explain)
	}
	if !explain {
		k.admin = &out
	}
	return out
}

// common tries names that nothing asks for, and no others: who may do so only to what is called in one way is no administrator.
func (g *Graph) common(b *being, explain bool) answer {
	out := answer{truth: policy.Yes}
	for _, n := range administers().needs {
		best := cannot()
		for _, form := range about(n.action) {
			best = g.can(b, target{}.call(n, b.fill(form, home)), explain)
		}
		if out = out.and(best); out.truth == policy.No {
			return out
		}
	}
	return out
}

// landing is where a step leads: whoever has no limit any more is the administrator.
func (g *Graph) landing(n Node) Node {
	if n.kind != raised && n.kind != freed {
		return n
	}
	if b := g.being(n); g.administrator(b, false).truth == policy.Yes {
		return Node{kind: admin, who: b.account.number}
	}
	return n
}
