package reach

import (
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// lets asks whether a resource lets somebody do anything with it or with what is in it. Whoever it is has all rights in his own account.
func (g *Graph) lets(x *estate.Asset, who outsider) answer {
	out := cannot()
	p := access.Policies{}
	if who.circle != World {
		p.Identity = []*policy.Document{allowAll()}
	}
	s := estate.Supposed{Account: who.caller.Account(), Caller: who.caller, Policies: &p}
	for _, q := range offered(x) {
		q.Context, q.Whole = g.strange(x, who), g.o.Whole
		switch d := g.e.Suppose(s, q); d.Outcome {
		case access.Allowed:
			return answer{truth: policy.Yes}
		case access.Unknown:
			out.truth, out.unknown = policy.Maybe, joinedTexts(out.unknown, d.Unknown)
		case access.ImplicitlyDenied, access.ExplicitlyDenied:
		}
	}
	return out
}

// strange is what is known of a call of somebody out of nowhere: he comes from the internet, by TLS, and himself; what he can choose, such as his tags or
// his browser, is not known. The address is one of those for documentation, RFC 5737.
func (g *Graph) strange(x *estate.Asset, who outsider) policy.Keys {
	keys := policy.Keys{
		"aws:securetransport": policy.Is("true"), "aws:viaawsservice": policy.Is("false"), "aws:calledvia": policy.Not(),
		"aws:requestedregion": policy.Is(regionOf(x.ARN)), "aws:sourceip": policy.Is("203.0.113.77"), "aws:sourcevpc": policy.Not(), "aws:sourcevpce": policy.Not(),
		"aws:vpcsourceip": policy.Not(), "aws:sourcearn": policy.Not(), "aws:sourceaccount": policy.Not(), "aws:sourceorgid": policy.Not(),
		"aws:sourceorgpaths": policy.Not(), "aws:principalservicename": policy.Not(), "aws:principalisawsservice": policy.Is("false"),
	}
	if who.circle >= Outside {
		keys["aws:principalorgid"], keys["aws:principalorgpaths"] = policy.Is("o-"+newName), policy.Is("o-"+newName+"/r-"+newName+"/")
	}
	if who.circle == World {
		keys["aws:principalorgid"], keys["aws:principalorgpaths"] = policy.Not(), policy.Not()
		keys["aws:principalaccount"], keys["aws:principalarn"] = policy.Not(), policy.Not()
	}
	return keys
}

// offered are the calls that a resource's policies speak of: each action that is about it, on what a statement names.
func offered(x *estate.Asset) (out []estate.Question) {
	for _, p := range probesOf(x) {
		if p.bit&(reads|changes|controls) == 0 {
			continue
		}
		for _, s := range allowing(x) {
			if !s.Names(p.small) {
				continue
			}
			for _, on := range targets(x, s, p) {
				q := estate.Question{Action: p.action, Resource: on}
				if !slices.ContainsFunc(out, func(o estate.Question) bool { return o.Action == q.Action && o.Resource == q.Resource }) {
					out = append(out, q)
				}
			}
		}
	}
	return out
}

// targets are what a statement lets somebody do an action on: the resource, or something in it under a name that the statement leaves.
func targets(x *estate.Asset, s *policy.Statement, p probe) (out []string) {
	if p.inside == "" {
		return []string{x.ARN}
	}
	if s.NotRes != nil || len(s.Resources) == 0 {
		return []string{x.ARN + p.inside + newName}
	}
	for _, r := range s.Resources {
		name := strings.ReplaceAll(strings.ReplaceAll(r.String(), "*", newName), "?", "x")
		if r.All() || r.String() == x.ARN || !strings.HasPrefix(name, x.ARN) {
			name = x.ARN + p.inside + newName
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
