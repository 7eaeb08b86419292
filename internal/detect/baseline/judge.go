package baseline

import (
	"math"
)

// mark is what a kind says of an event: how large it is, and in words what was expected.
type mark struct {
	size    float32
	unknown string // why nothing can be said, when it matters
}

// judge marks an event, as if it came next. thorough: kinds that are looked at now and then are looked at in any case.
func (l *Learner) judge(a *actor, t *tally, f *facts, thorough bool) {
	clear(l.marks[:])
	for k := range traits {
		if f.trait[k] != 0 && !f.spot[k].in { // a value of this hour says nothing more
			l.marks[k].size = l.rare(a, k, f)
		}
	}
	if a.seen.count == 0 {
		l.marks[Newcomer].size = newcomer(a)
	} else {
		l.marks[Dormant].size = l.dormant(a, f)
	}
	l.marks[Travel] = a.travel(f)
	l.marks[Instance] = l.elsewhere(a, f)
	if t != nil {
		l.volume(a, t, f, thorough)
		l.failures(a, t, f, thorough)
		l.spread(t, f, thorough)
	}
}

// rare is how improbable a value is that is as rare as this one, in powers of ten.
func (l *Learner) rare(a *actor, k int, f *facts) float32 {
	set, since := a.sets[k], back(f.hour, l.age)
	count := uint32(0)
	if at := f.spot[k]; at.known && set[at.index].last >= since {
		if count = set[at.index].count; f.hour < set[at.index].first+24 {
			return 0 // that it is new was said today
		}
	}
	p := min(1, (set.upTo(count, since)+1)/float64(a.seen.count+1))
	if count == 0 && Kind(k) != Key {
		p *= a.backoff(k, f.trait[k], since)
	}
	return float32(-math.Log10(p))
}

// backoff is how usual something that is new to the principal is among its peers, in its account and in the organisation: the
// chance that what is new to one of them is as rare there, on and on as long as it was never seen.
func (a *actor) backoff(k int, hash uint64, since uint32) float64 {
	p := 1.0
	for _, s := range a.scopes {
		if s == nil {
			continue
		}
		users := s.tables[k].known(hash, since)
		p *= s.tables[k].upTo(users)
		if users > 0 {
			break
		}
	}
	return p
}

// newcomer is how rare it is among the hours of its peers that a principal is new.
func newcomer(a *actor) float32 {
	for _, s := range a.scopes {
		if s != nil && s.rank != account && s.hours > 0 {
			return float32(max(0, -math.Log10(float64(s.members+1)/float64(s.hours+1))))
		}
	}
	return 0
}

// dormant is how long a key or its principal was out of use: doublings of days, zero below Options.Dormant.
func (l *Learner) dormant(a *actor, f *facts) float32 {
	last := a.seen.last
	if hash := f.trait[Key]; hash != 0 {
		if !f.spot[Key].known {
			return 0 // a new key is another matter
		}
		last = a.sets[Key][f.spot[Key].index].last
	}
	if f.hour < last+hours(l.o.Dormant) {
		return 0
	}
	return float32(math.Log2(float64(f.hour-last) / 24))
}

// again is the count at which a volume is worth another look.
func again(count uint32) uint32 { return count + 1 + count/2 }

// volume is how many doublings the hour's calls are above what is usual then. Who has no rhythm yet is held against its peers.
func (l *Learner) volume(a *actor, t *tally, f *facts, thorough bool) {
	c := f.writes
	count := t.calls[c] + 1
	if count < t.ask[c] && !thorough {
		return
	}
	expected, _ := a.usual(c, f.hour)
	l.marks[int(Reads)+c].size = float32(max(0, doublings(count)-expected))
	if !thorough {
		t.ask[c] = max(again(count), uint32(math.Exp2(min(expected, 24))))
	}
}

// usual is what is usual at an hour; own: for the principal itself.
func (a *actor) usual(class int, hour uint32) (expected float64, own bool) {
	if expected, own = a.rhythm.expect(class, hour); own {
		return expected, true
	}
	for _, s := range a.scopes {
		if s != nil && s.level[class].N > 0 {
			return float64(s.level[class].Mean), false
		}
	}
	return 0, false
}

// spread is how many doublings the different calls, regions and things of the hour are above one. Habit shows in the sizes.
func (l *Learner) spread(t *tally, f *facts, thorough bool) {
	for _, s := range [...]struct {
		trait, kind Kind
	}{{API, Calls}, {Region, Regions}} {
		n := uint32(t.values[s.trait])
		if f.trait[s.trait] != 0 && !f.spot[s.trait].in {
			n++
		} else if !thorough {
			continue // it is nothing new in this hour
		}
		if n > 1 {
			l.marks[s.kind].size = float32(math.Log2(float64(n)))
		}
	}
	calls := t.calls[0] + t.calls[1] + 1
	if len(f.e.Resources) == 0 || calls < t.lookAt && !thorough {
		return
	}
	if n := t.things.Count(); n > 1 {
		l.marks[Things].size = float32(math.Log2(n))
	}
	if !thorough {
		t.lookAt = again(calls)
	}
}
