package reach

import (
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// spread is what all that one has become can do with resources.
type spread struct {
	g      *Graph
	levels []level // by asset
	asked  map[int]bool
	sure   bool
}

// probes of a type, by one of its ARNs; cached with the graph, since forms do not change.
func (g *Graph) probes(x *estate.Asset) []probe {
	service, _, _ := strings.Cut(strings.TrimPrefix(x.ARN[min(len(x.ARN), 4):], "aws:"), ":")
	key := string(x.Type) + " " + service
	if p, ok := g.probed[key]; ok {
		return p
	}
	p := probesOf(x)
	g.probed[key] = p
	return p
}

// spread of a walk.
func (w *walk) spread() *spread {
	s := &spread{g: w.g, levels: make([]level, len(w.g.assets)), asked: map[int]bool{}}
	for _, sure := range []bool{true, false} {
		s.sure = sure
		for _, n := range w.order { // administrators first: nobody has more in their accounts
			if n.kind == admin && (w.seen[n].truth == policy.Yes) == sure {
				s.of(w.g.being(n))
			}
		}
		for _, n := range w.order {
			if n.kind == admin || (w.seen[n].truth == policy.Yes) != sure {
				continue
			}
			v := w.seen[w.g.adminOf(n)]
			own := v == nil || sure && v.truth != policy.Yes
			if !own && !w.g.shared.any(w.g.holders[n.who]) {
				continue
			}
			b := w.g.being(n)
			s.beyond(b)
			if own {
				s.of(b)
			}
			s.asked[b.kin.number] = true
		}
	}
	w.cut = w.cut || w.g.spent()
	return s
}

// mark notes what can be done with an asset.
func (s *spread) mark(i int32, yes, maybe level) {
	if !s.sure {
		yes, maybe = 0, yes|maybe
	}
	s.levels[i] |= yes | maybe<<perhaps
}

// needs are the bits of an asset that are not known yet.
func (s *spread) needs(i int32) level {
	known := s.levels[i] & wholly
	if !s.sure {
		known |= s.levels[i] >> perhaps
	}
	return wholly &^ known
}

// of is what somebody can do in its own account.
func (s *spread) of(b *being) {
	if s.asked[b.kin.number] && !b.kin.personal && b.node.kind != admin {
		return
	}
	for _, typ := range sortedTypes(b.account.blocks) {
		list := b.account.blocks[typ]
		if s.g.spent() {
			return
		}
		probes := s.g.probes(s.g.assets[list[0]])
		if b.node.kind == admin && !denying(b.policies.SCPs, probes) && !denying(s.g.e.Controls(b.account.id), probes) {
			s.all(b, list, probes)
			continue
		}
		s.block(b, list)
	}
}

// all is what an administrator has that nothing of the organisation limits: all but what the policy of a resource may keep from him.
func (s *spread) all(b *being, list []int32, probes []probe) {
	var there level // is to be had
	for _, p := range probes {
		there |= p.bit
	}
	if there&(reads|changes|controls) != 0 {
		there |= sees
	}
	var rest []int32
	for _, i := range list {
		switch x := s.g.assets[i]; {
		case x.Type != kmsKey && s.idle(x), x.Guarded() && yields(x, b.account.id):
			s.mark(i, there, 0)
		default:
			rest = append(rest, i)
		}
	}
	if len(rest) > 0 {
		s.block(b, rest)
	}
}

// idle reports whether no policy of a resource keeps anybody from it: it has none, or its Denies are about calls of another kind, such as
// those without TLS.
func (s *spread) idle(x *estate.Asset) bool {
	if len(x.Unread) > 0 || x.Guarded() && s.g.change != nil { // a change may be to its policies
		return false
	}
	for _, d := range x.Policies {
		for _, t := range d.Statements {
			if !t.Allow && !t.Never(s.g.question(call{resource: x.ARN}).Context) {
				return false
			}
		}
	}
	return true
}

// kmsKey lets nobody in but by its own policy.
const kmsKey resource.Type = "AWS::KMS::Key"

// yields reports whether the policy of a resource leaves it to its account, without any conditions.
func yields(x *estate.Asset, account string) bool {
	if len(x.Unread) > 0 || len(x.Policies) != 1 {
		return false
	}
	yes := false
	for _, s := range x.Policies[0].Statements {
		if !s.Allow {
			return false
		}
		for _, who := range s.Who {
			if len(s.Conditions) > 0 || s.NotRes != nil || s.Resources != nil && !everythingOf(s.Resources) {
				break
			}
			all := slices.ContainsFunc(s.Actions, func(p *policy.Pattern) bool { return p.String() == "*" || strings.HasSuffix(p.String(), ":*") })
			yes = yes || all && (who.Name == account || strings.HasSuffix(who.Name, ":"+account+":root"))
		}
	}
	return yes
}

// block is what somebody can do with the resources of a type: where its policies do not tell them apart, all or none.
func (s *spread) block(b *being, list []int32) {
	probes := slices.DeleteFunc(slices.Clone(s.g.probes(s.g.assets[list[0]])), func(p probe) bool { return !b.kin.names(p.small) })
	plain := slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return p.inside != "" || s.g.picks(b, p) })
	var yes, maybe level
	first := slices.IndexFunc(list, func(i int32) bool { return !s.g.assets[i].Guarded() })
	if first >= 0 && len(plain) > 0 {
		yes, maybe = s.g.bits(b, s.g.assets[list[first]].ARN, plain, wholly)
	}
	apart := slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return slices.Contains(plain, p) || p.bit&^yes == 0 })
	for _, i := range list {
		x := s.g.assets[i]
		switch {
		case s.needs(i) == 0:
		case x.Guarded():
			s.one(b, i, probes)
		default:
			s.mark(i, yes, maybe)
			if len(apart) > 0 && b.touches(x.ARN, apart) {
				s.one(b, i, apart)
			}
		}
		if s.g.spent() {
			return
		}
	}
}

// one asks about one resource.
func (s *spread) one(b *being, i int32, probes []probe) {
	yes, maybe := s.g.bits(b, s.g.assets[i].ARN, probes, s.needs(i))
	s.mark(i, yes, maybe)
}

// beyond is what somebody can do with resources whose policies let him in: those that name him, his account, or anybody.
func (s *spread) beyond(b *being) {
	again := s.asked[b.kin.number] && !b.kin.personal
	for n, list := range [][]int32{s.g.shared.byARN[b.arn()], s.g.shared.anybody, s.g.shared.byAccount[b.account.id]} {
		for _, i := range list {
			x := s.g.assets[i]
			if s.g.spent() {
				return
			}
			if n > 0 && again && !s.g.personalAsset(x) || s.needs(i) == 0 {
				continue
			}
			probes := s.g.probes(x)
			if n == 2 { // the account may give on what it was given: its policies have to allow it
				probes = slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return !b.kin.names(p.small) })
			}
			s.one(b, i, probes)
		}
	}
}

func sortedTypes(blocks map[resource.Type][]int32) []resource.Type {
	out := make([]resource.Type, 0, len(blocks))
	for t := range blocks {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}
