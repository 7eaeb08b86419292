package access

import (
	"slices"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// Decide takes the decision over a call.
func (p *Policies) Decide(c *Call) Decision {
	d := decider{p: p, c: c, given: consent{lacks: only(LayerResource)}}
	d.r = policy.Request{Action: strings.ToLower(c.Action), Context: c.Context, Who: c.Caller.who}
	d.r.Who.Bounded = len(p.Boundaries) > 0 || p.UnreadBoundary != ""
	if c.Resource != "*" && c.Resource != "" {
		d.r.Resources = []policy.Thing{{ARN: c.Resource, Sure: true}}
	}
	return d.decide()
}

// decider works out one decision.
type decider struct {
	p *Policies
	c *Call
	r policy.Request

	given   consent // what grants of a key allow the caller himself
	denied  Reason
	open    bool // a Deny may match
	unknown []string

	noted [maxSeats]Reason
	taken int
}

func (d *decider) decide() Decision {
	all := d.all()
	switch {
	case d.denied.Statement != nil:
		return Decision{Outcome: ExplicitlyDenied, By: []Reason{d.denied}}
	case all.truth == policy.No:
		return Decision{Outcome: ImplicitlyDenied, Lacks: all.lacks.list()}
	case all.truth == policy.Yes && !d.open:
		return Decision{Outcome: Allowed, By: d.reasons(all.by)}
	}
	out := Decision{Outcome: Unknown, Unknown: slices.Concat(all.unknown, d.unknown)}
	slices.Sort(out.Unknown)
	out.Unknown = slices.Compact(out.Unknown)
	return out
}

// all asks every layer, in the order in which AWS does, and gives what they allow together. Denies are noted on the way: one outweighs
// whatever is allowed, so that no layer is left out before there is one.
func (d *decider) all() consent {
	out := consent{truth: policy.Yes}
	c := d.c.Caller
	if c.kind == IAM && !c.linked {
		for i := 0; i < len(d.p.SCPs) && d.denied.Statement == nil; i++ {
			out = out.and(d.ask(LayerSCP, d.p.SCPs[i]))
		}
	}
	if service, _, _ := strings.Cut(d.r.Action, ":"); !c.linked && names.Bound(service) {
		for i := 0; i < len(d.p.RCPs) && d.denied.Statement == nil; i++ {
			d.ask(LayerRCP, d.p.RCPs[i]) // RCPFullAWSAccess allows, and cannot be taken off
		}
	}
	if len(d.p.Endpoint) > 0 {
		out = out.and(d.ask(LayerEndpoint, d.p.Endpoint))
	}
	if d.denied.Statement != nil {
		return out
	}
	return out.and(d.granted())
}

// ask holds the policies of a layer against the call.
func (d *decider) ask(l Layer, docs []*policy.Document) consent {
	out := consent{lacks: only(l)}
	for _, doc := range docs {
		for _, s := range doc.Statements {
			if s.Allow && out.truth == policy.Yes || !s.Names(d.r.Action) {
				continue
			}
			m := s.Holds(&d.r)
			switch {
			case m.Truth == policy.No:
			case !s.Allow:
				if d.deny(Reason{l, doc, s}, m) {
					return out
				}
			default:
				out = out.or(d.allow(Reason{l, doc, s}, m))
			}
		}
	}
	return out
}

// allow is what a statement that allows is worth.
func (d *decider) allow(by Reason, m policy.Match) consent {
	out := consent{truth: m.Truth, unknown: m.Unknown}
	if m.Truth == policy.Yes {
		out.by = d.seat(by)
	}
	return out
}

// deny notes a statement that denies, or may. True when it does: nothing else matters any more.
func (d *decider) deny(by Reason, m policy.Match) bool {
	if m.Truth == policy.Maybe {
		d.open = true
		d.unknown = joined(d.unknown, m.Unknown)
		return false
	}
	d.denied = by
	return true
}
