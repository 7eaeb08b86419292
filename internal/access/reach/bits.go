package reach

import (
	"slices"
	"strings"

	"jobzero/internal/policy"
)

// bits is what somebody can do with a resource, of the bits that are asked for.
func (g *Graph) bits(b *being, arn string, probes []probe, wanted level) (yes, maybe level) {
	type kind struct {
		bit    level
		inside string
	}
	tried := map[kind]int{}
	for _, p := range probes {
		missing, k := p.bit&wanted&^yes, kind{p.bit, p.inside}
		if missing == 0 || tried[k] >= maxTries {
			continue
		}
		tried[k]++
		for _, on := range b.parts(arn, p) {
			a := g.can(b, call{action: p.action, resource: on}, false)
			if a.truth == policy.Yes {
				yes |= p.bit
				break
			}
			if a.truth == policy.Maybe {
				maybe |= p.bit
			}
		}
	}
	if yes&(reads|changes|controls) != 0 {
		yes |= sees
	}
	return yes & wanted, maybe &^ yes & wanted
}

// maxTries is how many actions of one kind are tried on a resource, and on what lies in it.
const maxTries = 4

// parts is what an action is tried on: the resource, or what lies in it, under names that the caller's policies leave him.
func (b *being) parts(arn string, p probe) []string {
	if p.inside == "" {
		return []string{arn}
	}
	return b.invented(arn+p.inside+"${Name}", []string{p.small})
}

// picks reports whether a policy tells resources apart for an action.
func (g *Graph) picks(b *being, p probe) bool {
	for _, level := range append(append([][]*policy.Document{b.policies.Identity, b.policies.Boundaries}, b.policies.SCPs...), g.e.Controls(b.account.id)...) {
		for _, d := range level {
			for _, s := range d.Statements {
				if s.Names(p.small) && (s.NotRes != nil || !everythingOf(s.Resources) || slices.ContainsFunc(s.Conditions, asksTag)) {
					return true
				}
			}
		}
	}
	return false
}

// asksTag reports whether a condition looks at a tag of the resource.
func asksTag(c *policy.Condition) bool {
	before, _, ok := strings.Cut(strings.ToLower(c.Key), "/")
	return ok && strings.HasSuffix(before, ":resourcetag")
}

// touches reports whether an Allow of its own is about a resource or what lies in it.
func (b *being) touches(arn string, probes []probe) bool {
	if b.kin.dark {
		return true
	}
	for _, s := range b.kin.allows {
		if !slices.ContainsFunc(probes, func(p probe) bool { return s.Names(p.small) }) {
			continue
		}
		if s.NotRes != nil {
			return true
		}
		for _, p := range s.Resources {
			if concerns(p.String(), arn) {
				return true
			}
		}
	}
	return false
}

// concerns reports whether a pattern may be about a resource or what lies in it.
func concerns(pattern, arn string) bool {
	if policy.Like(pattern, arn) || strings.Contains(pattern, "${") {
		return true
	}
	head, _, _ := strings.Cut(pattern, "*")
	head, _, wild := strings.Cut(head, "?")
	wild = wild || len(head) < len(pattern)
	return strings.HasPrefix(head, arn) || wild && strings.HasPrefix(arn, head)
}

// denying reports whether policies deny anything that is asked, or leave anything out.
func denying(levels [][]*policy.Document, probes []probe) bool {
	for _, level := range levels {
		all := len(level) == 0
		for _, d := range level {
			for _, s := range d.Statements {
				if !s.Allow {
					if slices.ContainsFunc(probes, func(p probe) bool { return s.Names(p.small) }) {
						return true
					}
					continue
				}
				all = all || len(s.Conditions) == 0 && everythingOf(s.Actions) && everythingOf(s.Resources)
			}
		}
		if !all {
			return true
		}
	}
	return false
}
