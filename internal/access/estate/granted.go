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

// Guarded is something with a policy of its own: a resource, or a role with its trust policy.
type Guarded struct {
	ARN, Account string
	Policy       *policy.Document
}

// Guarded are all that have a policy of their own, sorted by ARN.
func (e *Estate) Guarded() []Guarded {
	out := make([]Guarded, 0, len(e.things))
	for _, arn := range slices.Sorted(maps.Keys(e.things)) {
		t := e.things[arn]
		if t.policy != nil {
			out = append(out, Guarded{arn, t.account, t.policy})
		}
	}
	return out
}
