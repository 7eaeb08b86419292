package reach

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// target is what a method is tried on.
type target struct {
	to       Node           // whom one becomes by it
	h        *estate.Holder // the user, group or role; nil: oneself
	asset    *estate.Asset  // of machine: what runs; nil: nobody said what does
	service  string         // of service: whom the role is handed over to
	provider string         // of saml
}

// slot is one resource that several calls of a method are about; one that all of them may is enough.
type slot struct {
	arns  []string
	needs []need
	open  string // what is not known even then
}

// judge says whether somebody can take a step.
func (g *Graph) judge(b *being, m *Method, t target, explain bool) answer {
	out := answer{truth: policy.Yes}
	for _, s := range g.aimed(b, m, t) {
		if out = out.and(g.fits(b, s, t, explain)); out.truth == policy.No {
			return out
		}
	}
	return out.and(g.ready(b, m, explain))
}

// fits tries the resources of a slot.
func (g *Graph) fits(b *being, s slot, t target, explain bool) answer {
	best := cannot()
	for _, arn := range s.arns {
		one := answer{truth: policy.Yes}
		for _, n := range s.needs {
			if one = one.and(g.can(b, t.call(n, arn), explain)); one.truth == policy.No {
				break
			}
		}
		if one.truth > best.truth {
			best = one
		}
		if best.truth == policy.Yes || g.spent() {
			break
		}
	}
	if best.truth != policy.No && s.open != "" {
		best.truth, best.unknown = policy.Maybe, joinedTexts(best.unknown, []string{s.open})
	}
	return best
}

// call is a need on a resource, with what is known of it.
func (t target) call(n need, arn string) call {
	c := call{action: n.action, resource: arn, keys: n.keys, letIn: n.undenied}
	set := func(key string, v policy.Value) {
		if c.keys = maps.Clone(c.keys); c.keys == nil {
			c.keys = policy.Keys{}
		}
		c.keys[key] = v
	}
	switch {
	case n.action == passRole && t.service != "":
		set(passedTo, policy.Is(t.service))
	case t.h != nil && n.what == aTarget && strings.HasPrefix(n.action, "iam:"):
		if v := policy.Is(t.h.Boundary); t.h.Boundary != "" {
			set("iam:permissionsboundary", v)
		} else {
			set("iam:permissionsboundary", policy.Not())
		}
	}
	return c
}

// aimed are the calls that are about the target or oneself.
func (g *Graph) aimed(b *being, m *Method, t target) (out []slot) {
	var at slot
	for _, n := range m.needs {
		switch n.what {
		case aTarget:
			if at.needs = append(at.needs, n); at.arns == nil {
				at.arns, at.open = g.aim(b, m, t, n)
			}
		case aSelf:
			out = append(out, slot{arns: []string{b.arn()}, needs: []need{n}})
		case aPolicy:
			out = append(out, slot{arns: g.attached(b, t.h), needs: []need{n}})
		case aBoundary:
			if accountOf(b.h.Boundary) == b.account.id {
				out = append(out, slot{arns: []string{b.h.Boundary}, needs: []need{n}})
			} else {
				out = append(out, slot{})
			}
		case aProvider:
			out = append(out, slot{arns: []string{t.provider}, needs: []need{n}})
		case aRole:
			out = append(out, slot{arns: []string{t.h.ARN}, needs: []need{n}})
		case aNew, aNothing, anExisting, anARN:
		}
	}
	if at.needs != nil {
		out = append([]slot{at}, out...)
	}
	return out
}

// aim is the resource that a method is tried on. Where nobody said what runs as a role, it is any that might.
func (g *Graph) aim(b *being, m *Method, t target, n need) (arns []string, open string) {
	switch {
	case t.asset != nil:
		return []string{t.asset.ARN}, ""
	case m.on == onMachine:
		for _, form := range about(n.action) {
			return b.invented(form, []string{n.small}), whether(m.machine) + " runs as " + t.h.ARN
		}
		return []string{"*"}, whether(m.machine) + " runs as " + t.h.ARN
	}
	return []string{t.h.ARN}, ""
}

func whether(t resource.Type) string { return "whether an " + string(t) }

// attached are the policies of the account that are attached to somebody, or to a group of his; nobody: to oneself.
func (g *Graph) attached(b *being, h *estate.Holder) []string {
	if h == nil {
		h = b.h
	}
	list := slices.Clone(h.Attached)
	for _, name := range h.Groups {
		if group, ok := g.e.Group(name); ok {
			list = append(list, group.Attached...)
		}
	}
	return slices.DeleteFunc(list, func(arn string) bool { return accountOf(arn) != h.Account })
}

// ready is what does not hang on the target: all of the same rights have the same answer.
func (g *Graph) ready(b *being, m *Method, explain bool) answer {
	if out, ok := b.kin.made[m.number]; ok && !explain {
		return out
	}
	out := answer{truth: policy.Yes}
	for _, s := range g.own(b, m) {
		if out = out.and(g.fits(b, s, target{}, explain)); out.truth == policy.No {
			break
		}
	}
	if !b.kin.personal && !explain {
		if b.kin.made == nil {
			b.kin.made = map[int]answer{}
		}
		b.kin.made[m.number] = out
	}
	return out
}

// own are the calls of a method that are about what one makes, or about nothing.
func (g *Graph) own(b *being, m *Method) (out []slot) {
	forms, types := map[string]int{}, map[resource.Type]int{}
	for _, n := range m.needs {
		switch n.what {
		case aNothing:
			out = append(out, slot{arns: []string{"*"}, needs: []need{n}})
		case anARN:
			out = append(out, slot{arns: b.regional(n.arn), needs: []need{n}})
		case aNew:
			list := about(n.action)
			if len(list) == 0 {
				out = append(out, slot{arns: []string{"*"}, needs: []need{n}})
			}
			for _, form := range list {
				at, ok := forms[form]
				if !ok {
					at = len(out)
					forms[form] = at
					out = append(out, slot{arns: b.invented(form, m.small(aNew)), needs: nil})
				}
				out[at].needs = append(out[at].needs, n)
			}
		case anExisting:
			at, ok := types[n.typ]
			if !ok {
				at = len(out)
				types[n.typ] = at
				out = append(out, g.existing(b, n))
			}
			out[at].needs = append(out[at].needs, n)
		case aTarget, aSelf, aPolicy, aBoundary, aProvider, aRole:
		}
	}
	return out
}

// existing are the resources of a type in the account; where nobody said what there is, one that might be.
func (g *Graph) existing(b *being, n need) slot {
	s := slot{}
	if len(b.account.blocks) == 0 {
		for _, form := range about(n.action) {
			s.arns = b.invented(form, []string{n.small})
			break
		}
		s.open = whether(n.typ) + " is there"
		return s
	}
	for _, x := range b.account.machines[n.typ] {
		if len(s.arns) < maxAlternatives {
			s.arns = append(s.arns, x.ARN)
		}
	}
	return s
}

func (m *Method) small(w what) (out []string) {
	for _, n := range m.needs {
		if n.what == w {
			out = append(out, n.small)
		}
	}
	return out
}

// regional fills in partition, region and account of an ARN of the table.
func (b *being) regional(arn string) (out []string) {
	parts := strings.SplitN(arn, ":", 6)
	for _, region := range append([]string{home}, b.kin.regions...) {
		p := slices.Clone(parts)
		p[1] = b.account.partition
		if p[3] == "R" {
			p[3] = region
		}
		if p[4] == "A" {
			p[4] = b.account.id
		}
		out = append(out, strings.Join(p, ":"))
	}
	return out
}
