package estate

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// Asset is a resource: what can be reached, and what may run as a role.
type Asset struct {
	ARN, Account string
	Type         resource.Type
	Class        string             // of its data, as its owner says; empty: nobody says
	Runs         string             // ARN of the role that code on it has; empty: none, or it is nothing that runs
	Policies     []*policy.Document // its own, and what stands beside it, such as the permissions of a function
	Unread       []string           // what is said of policies of it that are not known
	Tags         map[string]string

	blocks policy.Truth // of a bucket: see Blocked
	abac   policy.Truth // of a bucket: whether its tags count for access
}

// Guarded reports whether policies of its own may let somebody in, or keep somebody out.
func (a *Asset) Guarded() bool { return len(a.Policies)+len(a.Unread) > 0 }

// AddAsset notes a resource. Another with its ARN is replaced.
func (e *Estate) AddAsset(a Asset) {
	a.blocks, a.abac = policy.Maybe, policy.Maybe
	e.assets[a.ARN] = &a
	if a.Guarded() {
		e.things[a.ARN] = thing{account: a.Account, policies: a.Policies, unread: a.Unread}
	}
}

// Asset gives a resource by its ARN, or the one that something is in, such as the bucket of an object or the table of an index.
func (e *Estate) Asset(arn string) (*Asset, bool) {
	a, ok := e.assets[e.Holding(arn)]
	return a, ok
}

// Holding is the ARN of the resource that is known and in which something is, such as the bucket of an object; where none is, it is
// the ARN itself.
func (e *Estate) Holding(arn string) string {
	for whole := arn; strings.Count(whole, ":") >= 5; {
		if _, ok := e.assets[whole]; ok {
			return whole
		}
		at := strings.LastIndexAny(whole, "/:")
		whole = whole[:at]
	}
	return arn
}

// Assets are the resources that are known, sorted by ARN. A policy of which nobody said whose it is makes no asset.
func (e *Estate) Assets() []*Asset {
	out := make([]*Asset, 0, len(e.assets))
	for _, arn := range slices.Sorted(maps.Keys(e.assets)) {
		out = append(out, e.assets[arn])
	}
	return out
}

// Holder gives the user or role with an ARN, or the role of a session.
func (e *Estate) Holder(arn string) (*Holder, bool) { return e.holder(arn) }
