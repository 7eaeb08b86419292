package estate

import (
	"maps"
	"slices"

	"jobzero/internal/access"
	"jobzero/internal/policy"
)

// Granted gives what has a say in the calls of a user or role, once all is read; false when nobody has that ARN.
func (e *Estate) Granted(arn string) (access.Policies, bool) {
	h, ok := e.holder(arn)
	if !ok {
		return access.Policies{}, false
	}
	return h.policies, true
}

// Guarded is a policy of something: of a resource, or the trust policy of a role.
type Guarded struct {
	ARN, Account string
	Policy       *policy.Document // nil: it has one that was not read
	Unread       string           // of one that was not read: what is said of it
}

// Guarded are the policies of all that have some, sorted by ARN.
func (e *Estate) Guarded() (out []Guarded) {
	for _, arn := range slices.Sorted(maps.Keys(e.things)) {
		t := e.things[arn]
		for _, d := range t.policies {
			out = append(out, Guarded{ARN: arn, Account: t.account, Policy: d})
		}
		for _, why := range t.unread {
			out = append(out, Guarded{ARN: arn, Account: t.account, Unread: why})
		}
	}
	return out
}
