package estate

import (
	"cmp"
	"maps"
	"slices"

	"jobzero/internal/access"
	"jobzero/internal/policy"
)

// Policies are what is known of the policies of a user or role, for those who ask what would be if they were others.
func (e *Estate) Policies(h *Holder) access.Policies { return h.policies }

// Caller is a user or role as it calls.
func (h *Holder) Caller() access.Caller { return h.caller }

// Groups are the groups, sorted by ARN.
func (e *Estate) Groups() []*Holder {
	return slices.SortedFunc(maps.Values(e.groups), func(a, b *Holder) int { return cmp.Compare(a.ARN, b.ARN) })
}

// Group gives a group as a user names it.
func (e *Estate) Group(name string) (*Holder, bool) {
	h, ok := e.groups[name]
	return h, ok
}

// Managed gives a managed policy by its ARN.
func (e *Estate) Managed(arn string) (*policy.Document, bool) {
	d, ok := e.documents[arn]
	return d, ok
}

// Levels are the service control policies of an account, from the root down.
func (e *Estate) Levels(account string) [][]*policy.Document { return e.levels[account] }

// Supposed is somebody with other policies than it has.
type Supposed struct {
	Holder   *Holder // nil: an administrator of the account, whoever that is
	Account  string
	Caller   access.Caller
	Policies *access.Policies
	Swap     func(resource string, docs []*policy.Document) []*policy.Document // other policies of a resource; nil: as they are
}

// Suppose decides over a call as Can does, of somebody with other policies.
func (e *Estate) Suppose(s Supposed, q Question) access.Decision {
	return e.under(*s.Policies, s, q)
}

// Controls are the resource control policies of an account, from the root down.
func (e *Estate) Controls(account string) [][]*policy.Document { return e.controls[account] }
