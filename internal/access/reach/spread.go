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
			b := w.g.being(n)
			v := w.seen[w.g.adminOf(b)]
			s.beyond(b)
			if v == nil || sure && v.truth != policy.Yes {
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
	bare := b.node.kind == admin && !denying(b.policies.SCPs) && !denying(s.g.e.Controls(b.account.id))
	for _, typ := range sortedTypes(b.account.blocks) {
		list := b.account.blocks[typ]
		if s.g.spent() {
			return
		}
		if bare {
			s.all(b, list)
			continue
		}
		s.block(b, list)
	}
}

// all is what an administrator has that nothing of the organisation limits: all but what the policy of a resource may keep from him.
func (s *spread) all(b *being, list []int32) {
	for _, i := range list {
		if x := s.g.assets[i]; x.Policy == nil && !strings.Contains(x.ARN, ":kms:") {
			s.mark(i, wholly, 0)
		} else {
			s.one(b, i, s.g.probes(x))
		}
	}
}

// block is what somebody can do with the resources of a type: where its policies do not tell them apart, all or none.
func (s *spread) block(b *being, list []int32) {
	probes := slices.DeleteFunc(slices.Clone(s.g.probes(s.g.assets[list[0]])), func(p probe) bool { return !b.kin.names(p.small) })
	plain := slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return p.inside != "" || s.g.picks(b, p) })
	var yes, maybe level
	first := slices.IndexFunc(list, func(i int32) bool { return s.g.assets[i].Policy == nil })
	if first >= 0 && len(plain) > 0 {
		yes, maybe = s.g.bits(b, s.g.assets[list[first]].ARN, plain, wholly)
	}
	apart := slices.DeleteFunc(slices.Clone(probes), func(p probe) bool { return slices.Contains(plain, p) || p.bit&^yes == 0 })
	for _, i := range list {
		x := s.g.assets[i]
		switch {
		case s.needs(i) == 0:
		case x.Policy != nil:
			s.one(b, i, s.g.probes(x))
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

// beyond is what somebody can do with resources of other accounts that may let him in.
func (s *spread) beyond(b *being) {
	again := s.asked[b.kin.number] && !b.kin.personal
	for n, list := range [][]int32{s.g.shared.byARN[b.arn()], s.g.shared.byAccount[b.account.id], s.g.shared.anybody} {
		for _, i := range list {
			x := s.g.assets[i]
			if s.g.spent() {
				return
			}
			if again && n > 0 && !s.g.personalDoc(x.Policy) {
				continue
			}
			if (n == 0 || x.Account != b.account.id) && s.needs(i) != 0 {
				s.one(b, i, s.g.probes(x))
			}
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
