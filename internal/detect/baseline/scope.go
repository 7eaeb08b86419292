package baseline

import (
	"cmp"
	"maps"
	"slices"

	"jobzero/internal/detect/baseline/sketch"
)

// rank is how far up a scope is: each counts in how many of the next smaller ones a value is known.
type rank int

const (
	group rank = iota
	account
	organisation
	ranks
)

var rankNames = [ranks]string{"group", "account", "organisation"}

// scope is what is common among many principals.
type scope struct {
	rank    rank
	key     string
	tables  [traits]table
	exits   table                    // of an account: public addresses from which its instances came
	sizes   [judged]sketch.Histogram // of each hour of each principal, by kind
	hours   uint64                   // of principals
	members uint64                   // principals that were ever seen in it
	calls   float64                  // fading, with errors
	errors  float64
	level   [2]sketch.Moments // of the doublings of calls in an hour, read and write
	last    uint32            // hour of the last event
	dirty   bool
	whole   bool // the tables are dirty too
}

// common is how many users make a value common: how many more makes no difference.
const common = 16

// table counts users of values.
type table struct {
	users map[uint64]usage
	of    [common + 2]uint32 // how many values have so many users, the last one for all with more
	total uint64             // users of all values
}

type usage struct {
	users uint32
	last  uint32 // hour of the last first use
}

// mostUsed is how many values a table holds.
const mostUsed = 16_384

// known is how many users a value has.
func (t *table) known(hash uint64, since uint32) uint32 {
	if u := t.users[hash]; u.last >= since {
		return u.users
	}
	return 0
}

// upTo is the chance that what is new to one of the users has so many others or fewer: by Good and Turing that of what has
// one more, times what it has.
func (t *table) upTo(users uint32) float64 {
	if users >= common {
		return 1
	}
	sum := uint64(1)
	for j := uint32(1); j <= users+1; j++ {
		sum += uint64(j) * uint64(t.of[j])
	}
	return min(1, float64(sum)/float64(t.total+1))
}

func (t *table) step(from, to uint32) {
	if from > 0 {
		t.of[min(from, common+1)]--
	}
	if to > 0 {
		t.of[min(to, common+1)]++
	}
}

// add counts one more user. What is full forgets the half that nobody new has used for longest.
func (t *table) add(hash uint64, hour uint32) (crowded uint64) {
	if t.users == nil {
		t.users = map[uint64]usage{}
	}
	u, ok := t.users[hash]
	if !ok && len(t.users) >= mostUsed {
		crowded = t.halve()
	}
	t.step(u.users, u.users+1)
	t.total++
	t.users[hash] = usage{u.users + 1, max(u.last, hour)}
	return crowded
}

func (t *table) halve() (gone uint64) {
	keys := t.sorted()
	slices.SortStableFunc(keys, func(a, b uint64) int { return cmp.Compare(t.users[a].last, t.users[b].last) })
	for _, k := range keys[:len(keys)/2] {
		t.step(t.users[k].users, 0)
		t.total -= uint64(t.users[k].users)
		delete(t.users, k)
		gone++
	}
	return gone
}

func (t *table) sorted() []uint64 { return slices.Sorted(maps.Keys(t.users)) }

func (t *table) pack(w *sketch.Writer) {
	w.Uint(uint64(len(t.users)))
	for _, k := range t.sorted() {
		w.Fixed(k)
		w.Uint(uint64(t.users[k].users))
		w.Uint(uint64(t.users[k].last))
	}
}

func (t *table) unpack(r *sketch.Reader) {
	*t = table{users: map[uint64]usage{}}
	for range r.Count(mostUsed) {
		k, u := r.Fixed(), usage{r.Uint32(), r.Uint32()}
		if t.users[k].users > 0 || u.users == 0 || u.last > latest {
			r.Fail("a table that cannot be")
			return
		}
		t.users[k] = u
		t.total += uint64(u.users)
		t.step(0, u.users)
	}
}

// scopesOf are the scopes of a principal, from near to far.
func (l *Learner) scopesOf(who Who) [ranks]*scope {
	return [ranks]*scope{l.scope(group, who.Group), l.scope(account, who.Account), l.scope(organisation, "")}
}

// scope is the one of a key, made when it is asked for first. Of too many, the one unseen longest makes room.
func (l *Learner) scope(r rank, key string) *scope {
	if key == "" && r != organisation {
		return nil
	}
	all := l.scopes[r]
	if s := all[key]; s != nil {
		return s
	}
	if len(all) >= mostScopes {
		l.dropScope(r)
	}
	s := &scope{rank: r, key: key, dirty: true, whole: true}
	all[key] = s
	return s
}

func (l *Learner) dropScope(r rank) {
	var old *scope
	for _, s := range l.scopes[r] {
		if old == nil || cmp.Or(cmp.Compare(s.last, old.last), cmp.Compare(s.key, old.key)) < 0 {
			old = s
		}
	}
	delete(l.scopes[r], old.key)
	l.remove(rankNames[r], old.key)
	for _, a := range l.actors { // none may go on with what is no longer kept
		if a.scopes[r] == old {
			a.scopes[r] = nil
		}
	}
}

// known is that a principal knows a value from now on; each scope that did not know it tells the next.
func (l *Learner) known(a *actor, trait int, hash uint64, f *facts) {
	since, risen := back(f.hour, l.age), true
	for _, s := range a.scopes {
		if s == nil {
			continue
		}
		before := s.tables[trait].known(hash, since)
		if !risen && before > 0 {
			continue
		}
		crowded := s.tables[trait].add(hash, f.hour)
		l.counts.Crowded += crowded
		s.dirty, s.whole = true, true
		risen = before == 0
		if s.rank == organisation && before == 0 {
			l.texts[trait][hash] = f.text(trait)
		}
		if s.rank == organisation && crowded > 0 {
			maps.DeleteFunc(l.texts[trait], func(h uint64, _ string) bool { return s.tables[trait].users[h].users == 0 })
		}
	}
}
