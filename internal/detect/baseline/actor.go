package baseline

import (
	"cmp"
	"slices"

	"jobzero/internal/detect/baseline/sketch"
)

// actor is what is known of a principal: 2 to 4 kB for most, see Learner.Size.
type actor struct {
	who    Who
	scopes [ranks]*scope
	seen   seen // hours in which it was active
	sets   [traits]values
	sizes  [judged]sizes
	hours  uint16 // that are counted in sizes
	rhythm *rhythm
	open   [2]tally // the newest hour and the one before it
	calls  float64  // of closed hours, fading, with errors
	errors float64
	paths  [2]path // the networks it came from last
	day    uint32  // for which peak is
	peak   float32 // the highest risk of that day
	story  *story  // nil: no risk

	cache struct { // what was read of the last event
		agentText, agent string
		agentHash        uint64
		address          string
		from             origin
	}
	prev, next *actor // in the order of use
	dirty      bool
}

// tally is what happened in one hour.
type tally struct {
	hour   uint32 // zero: none
	calls  [2]uint32
	errors uint32
	ask    [3]uint32 // the counts of calls, read and write, and errors at which to look again
	values [traits]uint16
	things sketch.Distinct
	lookAt uint32 // calls at which things are counted again
	worst  [judged]float32
	said   [judged]float32 // scores that were told
}

// sizes counts the hours of a principal by the size that a kind had in them.
type sizes [8]uint16

// bins are where the sizes begin that are counted together.
var bins = [8]float32{0, 0.5, 1, 1.5, 2, 3, 4.5, 6.5}

func bin(size float32) int {
	for i := len(bins) - 1; i > 0; i-- {
		if size >= bins[i] {
			return i
		}
	}
	return 0
}

// atLeast is in how many hours the size was that of a bin or above.
func (s *sizes) atLeast(b int) (n float64) {
	for _, c := range s[b:] {
		n += float64(c)
	}
	return n
}

// tally opens an hour, and closes those that are two before it; nil when the hour is closed.
func (l *Learner) tally(a *actor, hour uint32) *tally {
	switch {
	case hour == a.open[0].hour:
		return &a.open[0]
	case hour == a.open[1].hour && hour != 0:
		return &a.open[1]
	case hour < a.open[0].hour && (a.open[1].hour != 0 || hour+1 < a.open[0].hour):
		return nil
	case hour < a.open[0].hour:
		a.open[1] = tally{hour: hour}
		return &a.open[1]
	}
	l.close(a, &a.open[1])
	if a.open[0].hour != 0 && a.open[0].hour+1 < hour {
		l.close(a, &a.open[0])
	}
	a.open[1], a.open[0] = a.open[0], tally{hour: hour}
	return &a.open[0]
}

// close learns from an hour that is over.
func (l *Learner) close(a *actor, t *tally) {
	if t.hour == 0 {
		return
	}
	for k := range judged {
		a.sizes[k][bin(t.worst[k])]++
	}
	if a.hours++; a.hours >= 1<<15 {
		a.hours /= 2
		for k := range a.sizes {
			for b := range a.sizes[k] {
				a.sizes[k][b] /= 2
			}
		}
	}
	if a.rhythm == nil && a.seen.count > 3 {
		a.rhythm = &rhythm{}
	}
	if a.rhythm != nil {
		a.rhythm.learn(t)
	}
	const memory = 1 - 1.0/64 // in hours of activity
	calls, errors := float64(t.calls[0]+t.calls[1]), float64(t.errors)
	a.calls, a.errors = a.calls*memory+calls, a.errors*memory+errors
	for _, s := range a.scopes {
		if s == nil || s.rank == account {
			continue // nothing asks an account for these
		}
		s.learn(t)
		s.calls, s.errors = s.calls*(1-1e-4)+calls, s.errors*(1-1e-4)+errors
	}
	*t = tally{}
}

// learn takes an hour of one of many principals.
func (s *scope) learn(t *tally) {
	const mostHours = 1 << 20 // the old counts less than the new
	for k := range judged {
		if s.sizes[k].N() >= mostHours {
			s.sizes[k].Halve()
		}
		s.sizes[k].Add(float64(t.worst[k]))
	}
	const remembered = 10_000
	for c := range s.level {
		s.level[c].Add(doublings(t.calls[c]), remembered)
	}
	s.hours++
	s.dirty = true
}

// actor is the principal of a key, made when it is met first. Its peers stay those of its first event.
func (l *Learner) actor(who Who, hour uint32) *actor {
	a := l.actors[who.Principal]
	if a == nil {
		for len(l.actors) >= l.o.MaxPrincipals {
			l.forget(l.order.prev)
		}
		a = &actor{who: who, day: hour / 24}
		l.actors[who.Principal] = a
	} else {
		a.unlink()
	}
	a.link(&l.order)
	a.dirty = true
	l.settle(a)
	return a
}

// settle finds the principal's scopes.
func (l *Learner) settle(a *actor) {
	if a.scopes[organisation] == nil || a.scopes[group] == nil && a.who.Group != "" || a.scopes[account] == nil && a.who.Account != "" {
		a.scopes = l.scopesOf(a.who)
	}
}

// link puts the principal first.
func (a *actor) link(order *actor) {
	a.prev, a.next = order, order.next
	a.prev.next, a.next.prev = a, a
}

func (a *actor) unlink() { a.prev.next, a.next.prev = a.next, a.prev }

// forget lets go of a principal.
func (l *Learner) forget(a *actor) {
	a.unlink()
	l.drop(a)
	delete(l.actors, a.who.Principal)
	l.remove(rowPrincipal, a.who.Principal)
	l.counts.Forgotten++
}

// ageOut forgets the principals that were not seen for four times the age of values.
func (l *Learner) ageOut(now uint32) {
	var old []*actor
	for _, a := range l.actors {
		if a.seen.last < back(now, 4*l.age) {
			old = append(old, a)
		}
	}
	slices.SortFunc(old, func(a, b *actor) int { return cmp.Compare(a.who.Principal, b.who.Principal) })
	for _, a := range old {
		l.forget(a)
	}
}

// bytes is about how much memory the principal takes.
func (a *actor) bytes() int {
	const itself, perValue = 1800, 24
	n := itself + len(a.who.Principal)
	for _, s := range a.sets {
		n += perValue * cap(s)
	}
	for i := range a.open {
		n += a.open[i].things.Bytes()
	}
	if a.rhythm != nil {
		n += rhythmBytes
	}
	if a.story != nil {
		n += a.story.bytes()
	}
	return n
}
