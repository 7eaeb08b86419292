package reach

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// call is one call that is asked about.
type call struct {
	action, resource string
	keys             policy.Keys
	letIn            bool // the trust of the role is one's own by then
}

// Call is one that a step needs, and what allows it.
type Call struct {
	Action, Resource string
	By               []access.Reason
}

// answer is whether something can be done.
type answer struct {
	truth   policy.Truth
	unknown []string // of Maybe
	calls   []Call   // where they were asked for
}

// and is both.
func (a answer) and(b answer) answer {
	switch {
	case a.truth == policy.No:
		return a
	case b.truth == policy.No:
		return b
	}
	return answer{min(a.truth, b.truth), joinedTexts(a.unknown, b.unknown), append(a.calls[:len(a.calls):len(a.calls)], b.calls...)}
}

func joinedTexts(a, b []string) []string {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// cannot is No.
func cannot() answer { return answer{} }

// can asks whether a being can make a call. Its reasons are noted where they are wanted.
func (g *Graph) can(b *being, c call, explain bool) answer {
	d := g.decide(b, c)
	out := answer{}
	switch d.Outcome {
	case access.Allowed:
		out.truth = policy.Yes
	case access.Unknown:
		out.truth, out.unknown = policy.Maybe, d.Unknown
	case access.ImplicitlyDenied, access.ExplicitlyDenied:
		return cannot()
	}
	if explain {
		out.calls = []Call{{c.action, c.resource, d.By}}
	}
	return out
}

func (g *Graph) supposed(b *being, c call) estate.Supposed {
	s := estate.Supposed{Holder: b.h, Account: b.account.id, Caller: b.caller, Policies: &b.policies}
	switch {
	case c.letIn:
		s.Swap = func(string, []*policy.Document) []*policy.Document { return []*policy.Document{g.doors.in} }
	case g.change != nil:
		s.Swap = g.change.resource
	}
	return s
}

// question is a call with what is known of it: whoever has a credential calls by TLS, directly, and where the resource is.
func (g *Graph) question(c call) estate.Question {
	region := regionOf(c.resource)
	keys, ok := g.usual[region]
	if !ok {
		keys = policy.Keys{
			"aws:securetransport": policy.Is("true"), "aws:viaawsservice": policy.Is("false"), "aws:calledvia": policy.Not(), "aws:requestedregion": policy.Is(region),
		}
		maps.Copy(keys, g.o.Context)
		g.usual[region] = keys
	}
	if len(c.keys) > 0 {
		keys = maps.Clone(keys)
		maps.Copy(keys, c.keys)
	}
	return estate.Question{Action: c.action, Resource: c.resource, Context: keys, Whole: g.o.Whole}
}

// home is where calls of services without regions go.
const home = "us-east-1"

func regionOf(arn string) string {
	rest := arn
	for range 3 {
		_, after, ok := strings.Cut(rest, ":")
		if !ok {
			return home
		}
		rest = after
	}
	if region, _, ok := strings.Cut(rest, ":"); ok && region != "" {
		return region
	}
	return home
}

// spent reports whether the work of a question is over its limit.
func (g *Graph) spent() bool { return g.asked >= g.o.Limit }
