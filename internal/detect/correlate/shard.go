package correlate

import (
	"hash/fnv"
	"slices"

	"jobzero/internal/fault"
)

// Shards says which of a number of machines has which groups, so that several replicas can share the work. Each machine has
// all specs and all marks, and takes the hits that Keep leaves it. Correlations that watch one another stay together, as a
// group of one can lead to any group of another; all others are spread by group.
type Shards struct {
	n      int
	family map[string]string // of the correlations that watch one another: the first of them
}

// Split makes n shards of the groups of some correlations.
func Split(specs []Spec, n int) (Shards, error) {
	if n < 1 {
		return Shards{}, fault.New(fault.Invalid, "%d shards: use at least one", n)
	}
	s := Shards{n: n, family: map[string]string{}}
	ids := make(map[string]bool, len(specs))
	for _, spec := range specs {
		ids[spec.ID] = true
	}
	join := func(a, b string) {
		first, other := s.head(a), s.head(b)
		if other < first {
			first, other = other, first
		}
		s.family[other] = first
		s.family[first] = first
	}
	for _, spec := range specs {
		for _, rule := range spec.Rules {
			if ids[rule] {
				join(spec.ID, rule)
			}
		}
	}
	return s, nil
}

// head is the first of a correlation's family; its own ID when it is alone.
func (s Shards) head(id string) string {
	for s.family[id] != "" && s.family[id] != id {
		id = s.family[id]
	}
	return id
}

// Of is the shard of a key, from 0. It is the one with the highest hash of shard and key, so that another number of shards
// moves no more keys than it must.
func (s Shards) Of(k Key) int {
	name := appendText(nil, s.head(k.For))
	if s.family[k.For] == "" {
		name = appendList(name, k.Group)
	}
	sum := fnv.New64a()
	sum.Write(name)
	best, shard := uint64(0), 0
	for i := range s.n {
		if score := mix(sum.Sum64() ^ mix(uint64(i)+1)); score > best || i == 0 {
			best, shard = score, i
		}
	}
	return shard
}

// mix spreads every bit over all bits, which FNV does not do for the last bytes (the finaliser of MurmurHash3).
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Keep is what one shard takes of hits: those with keys that are its own, with only these.
func (s Shards) Keep(hits []Hit, shard int) []Hit {
	var out []Hit
	for _, h := range hits {
		mine := func(k Key) bool { return s.Of(k) == shard }
		if !slices.ContainsFunc(h.Keys, mine) {
			continue
		}
		h.Keys = slices.DeleteFunc(slices.Clone(h.Keys), func(k Key) bool { return !mine(k) })
		out = append(out, h)
	}
	return out
}
