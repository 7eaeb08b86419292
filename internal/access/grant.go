package access

import (
	"strings"

	"jobzero/internal/policy"
)

// named is in which way a statement of a resource names a caller. What such an Allow is worth hangs on it
// (reference_policies_evaluation-logic_policy-eval-basics-single-account.html and access_policies_boundaries.html).
type named int

const (
	asAccount  named = iota // the account, or its root: the account may give it on
	asAnybody               // the star
	asRole                  // the role, whichever session it is
	asUser                  // a user
	asSession               // this session
	waysOfName int   = iota
)

// granted is what is attached to the caller and to the resource, together.
func (d *decider) granted() consent {
	ways := d.resource()
	if d.denied.Statement != nil {
		return consent{}
	}
	anyway := consent{lacks: only(LayerResource)}
	for _, w := range ways {
		anyway = anyway.or(w)
	}
	if d.c.Caller.kind != IAM {
		return anyway
	}
	identity, boundary, session := d.identity(), d.boundary(), d.session()
	limits := boundary.and(session)
	own := identity.and(limits)
	if d.c.Caller.account != d.c.Account {
		return own.and(anyway).or(d.given.and(limits))
	}
	if Ruled(d.r.Action, d.c.Resource) {
		own = own.and(ways[asAccount].or(ways[asAnybody])) // the account may do nothing of its own that the resource does not leave to it
	}
	return own.or(ways[asUser]).or(ways[asSession]).or(ways[asAnybody].and(session)).or(ways[asRole].and(limits))
}

// Ruled reports whether a resource lets nobody in, not even of its own account, whom its policy does not, so that it always has one: keys of
// KMS and the trust of roles. The action is in small letters.
func Ruled(action, resource string) bool {
	return strings.HasPrefix(action, "kms:") && strings.Contains(resource, ":key/") ||
		strings.HasPrefix(action, "sts:") && strings.Contains(resource, ":role/")
}

// identity is what is attached to the caller. The root of an account needs nothing.
func (d *decider) identity() consent {
	if d.c.Caller.root {
		return consent{truth: policy.Yes}
	}
	out := d.ask(LayerIdentity, d.p.Identity)
	for _, arn := range d.p.Unread {
		out = out.or(d.dark(arn))
	}
	return out
}

// dark is what a policy of which the text is not known is worth: it may allow, and it may deny.
func (d *decider) dark(arn string) consent {
	d.open, d.unknown = true, joined(d.unknown, []string{arn})
	return consent{truth: policy.Maybe, unknown: []string{arn}}
}

// boundary is what the caller's permissions boundary leaves of that.
func (d *decider) boundary() consent {
	out := consent{truth: policy.Yes}
	for i := range d.p.Boundaries {
		out = out.and(d.ask(LayerBoundary, d.p.Boundaries[i:i+1]))
	}
	if d.p.UnreadBoundary != "" {
		out = out.and(d.dark(d.p.UnreadBoundary))
	}
	return out
}

// session is what the policy of the session leaves.
func (d *decider) session() consent {
	if d.p.Session == nil {
		return consent{truth: policy.Yes}
	}
	one := [1]*policy.Document{d.p.Session}
	return d.ask(LayerSession, one[:])
}

// resource is what the policy of the resource allows, by the way in which it names the caller.
func (d *decider) resource() (ways [waysOfName]consent) {
	for i := range ways {
		ways[i].lacks = only(LayerResource)
	}
	for _, what := range d.p.UnreadResource {
		dark := d.dark(what)
		for i := range ways {
			ways[i] = ways[i].or(dark)
		}
	}
	for _, doc := range d.p.Resource {
		if !d.statements(doc, &ways) {
			break
		}
	}
	return ways
}

// statements asks those of one policy of the resource; false when one denies.
func (d *decider) statements(doc *policy.Document, ways *[waysOfName]consent) bool {
	for _, s := range doc.Statements {
		if !s.Names(d.r.Action) {
			continue
		}
		m := s.Holds(&d.r)
		switch by := (Reason{LayerResource, doc, s}); {
		case m.Truth == policy.No:
		case !s.Allow:
			if d.deny(by, m) {
				return false
			}
		default:
			way := d.c.Caller.named(s)
			w, allows := &ways[way], d.allow(by, m)
			*w = w.or(allows)
			if doc.Kind == policy.Grant && way != asAccount {
				d.given = d.given.or(allows)
			}
		}
	}
	return true
}

// named is the best way in which a statement that is about the caller names it.
func (c *Caller) named(s *policy.Statement) named {
	if s.NotWho != nil {
		return asAnybody
	}
	best := asAccount
	for _, g := range s.Who {
		if c.who.Is(g) == policy.No {
			continue
		}
		best = max(best, c.as(g.Name))
	}
	return best
}

func (c *Caller) as(name string) named {
	switch {
	case name == "*":
		return asAnybody
	case name != c.arn && c.session: // not this session, and yet it: its role
		if strings.Contains(name, ":role/") {
			return asRole
		}
		return asAccount
	case name != c.arn:
		return asAccount
	case c.session:
		return asSession
	case strings.Contains(name, ":role/"):
		return asRole
	}
	return asUser
}
