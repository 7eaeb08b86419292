package reach

import (
	"encoding/binary"
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// kin are all of one account that have the same policies: what one may, all may, but where a policy looks at who exactly calls.
type kin struct {
	number   int
	may      []int8 // by method, once it was asked for: see named
	dark     bool   // not all of its policies are known
	personal bool
	regions  []string // that its policies name
	allows   []*policy.Statement
	denies   bool
	exact    map[string]bool     // actions in small letters
	wild     []*policy.Statement // that name actions otherwise

	made  map[int]answer // by method: what does not hang on the target
	admin *answer
}

// kinOf finds or makes the kin of a being.
func (g *Graph) kinOf(b *being) *kin {
	key := g.keyOf(b)
	if k, ok := g.kinds[key]; ok {
		return k
	}
	k := &kin{number: len(g.kinds), exact: map[string]bool{}}
	k.dark = len(b.policies.Unread) > 0
	for _, d := range b.policies.Identity {
		k.take(g, d)
	}
	for _, d := range b.policies.Boundaries {
		k.personal = k.personal || g.personalDoc(d)
		k.regions = regionsOf(d, k.regions)
	}
	for _, level := range b.policies.SCPs {
		for _, d := range level {
			k.personal = k.personal || g.personalDoc(d)
			k.regions = regionsOf(d, k.regions)
		}
	}
	g.kinds[key] = k
	return k
}

// named reports whether an Allow names each action of a method, whatever else it asks.
func (k *kin) named(m *Method) bool {
	if k.may == nil {
		k.may = make([]int8, len(Methods()))
	}
	if k.may[m.number] == 0 {
		k.may[m.number] = 1
		if slices.ContainsFunc(m.needs, func(n need) bool { return !n.undenied && !k.names(n.small) }) {
			k.may[m.number] = -1
		}
	}
	return k.may[m.number] > 0
}

// keyOf is the same for those of one account with the same policies.
func (g *Graph) keyOf(b *being) string {
	key := make([]byte, 0, 64)
	add := func(docs []*policy.Document) {
		for _, d := range docs {
			n, ok := g.numbers[d]
			if !ok {
				n = len(g.numbers) + 1
				g.numbers[d] = n
			}
			key = binary.AppendVarint(key, int64(n))
		}
		key = append(key, 0)
	}
	add(b.policies.Identity)
	add(b.policies.Boundaries)
	key = binary.AppendVarint(key, int64(b.account.number))
	for _, arn := range b.policies.Unread {
		key = append(append(key, arn...), 0)
	}
	return string(append(key, b.policies.UnreadBoundary...))
}

// take notes what a policy of its own names.
func (k *kin) take(g *Graph, d *policy.Document) {
	k.personal = k.personal || g.personalDoc(d)
	k.regions = regionsOf(d, k.regions)
	for _, s := range d.Statements {
		if !s.Allow {
			k.denies = true
			continue
		}
		k.allows = append(k.allows, s)
		wild := s.NotActions != nil
		for _, p := range s.Actions {
			if text := p.String(); strings.ContainsAny(text, "*?") {
				wild = true
			} else {
				k.exact[text] = true
			}
		}
		if wild {
			k.wild = append(k.wild, s)
		}
	}
}

// names reports whether an Allow names an action, in small letters, or one that is not known may.
func (k *kin) names(action string) bool {
	if k.dark || k.exact[action] {
		return true
	}
	return slices.ContainsFunc(k.wild, func(s *policy.Statement) bool { return s.Names(action) })
}

// personalDoc reports whether a policy looks at who exactly calls.
func (g *Graph) personalDoc(d *policy.Document) bool {
	if p, ok := g.personal[d]; ok {
		return p
	}
	p := slices.ContainsFunc(d.Statements, asksWho)
	g.personal[d] = p
	return p
}

// personalAsset reports whether a policy of a resource looks at who exactly calls.
func (g *Graph) personalAsset(x *estate.Asset) bool {
	return slices.ContainsFunc(x.Policies, g.personalDoc)
}

// regionsOf adds the regions that a policy names: whoever makes something chooses where.
func regionsOf(d *policy.Document, list []string) []string {
	for _, s := range d.Statements {
		for _, c := range s.Conditions {
			if !strings.EqualFold(c.Key, "aws:RequestedRegion") {
				continue
			}
			for _, v := range c.Values {
				if len(list) < maxRegions && !strings.ContainsAny(v, "*?$") && !slices.Contains(list, v) {
					list = append(list, v)
				}
			}
		}
	}
	return list
}

// decide asks the evaluator.
func (g *Graph) decide(b *being, c call) access.Decision {
	g.asked++
	return g.e.Suppose(g.supposed(b, c), g.question(c))
}
