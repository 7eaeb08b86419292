package baseline

import (
	"bytes"
	"cmp"
	"slices"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/event"
)

// box is an EC2 instance with the public addresses from which its credential was used.
type box struct {
	account string
	exits   [4]exit // the one seen last first
	last    uint32  // hour
	dirty   bool
}

type exit struct {
	address uint64 // its hash; zero: none
	at      int64  // seconds since 1970, the last time
}

func boxKey(account, instance string) uint64 { return sketch.Hash(account + " " + instance) }

// elsewhere says whether an instance's credential is used where the instance is not: at a public address from which neither it
// nor any other instance of its account ever came. One for that, two when the instance itself called from its own address
// within the hour. Private addresses tell nothing: a thief's endpoint has them too.
func (l *Learner) elsewhere(a *actor, f *facts) mark {
	if f.instance == "" {
		return mark{}
	}
	if f.from.address == 0 {
		return mark{unknown: "the instance's call came through AWS or from a private address, which do not tell where it is"}
	}
	b := l.boxes[boxKey(a.who.Account, f.instance)]
	if b == nil || b.exits[0].address == 0 {
		return mark{unknown: "no public address of instance " + f.instance + " is known yet"}
	}
	for _, x := range b.exits {
		if x.address == f.from.address {
			return mark{}
		}
	}
	if s := a.scopes[account]; s == nil || s.exits.known(f.from.address, 0) > 0 {
		return mark{} // other instances are behind that address
	}
	if d := f.at - b.exits[0].at; d < atOnce && d > -atOnce {
		return mark{size: 2}
	}
	return mark{size: 1}
}

// see notes at which address an instance is.
func (l *Learner) see(a *actor, f *facts) {
	if f.instance == "" || f.from.address == 0 {
		return
	}
	key := boxKey(a.who.Account, f.instance)
	b := l.boxes[key]
	if b == nil {
		if len(l.boxes) >= mostInstances {
			l.dropBoxes()
		}
		b = &box{account: a.who.Account}
		l.boxes[key] = b
	}
	b.last, b.dirty = max(b.last, f.hour), true
	for i := range b.exits {
		if b.exits[i].address == f.from.address {
			b.exits[i].at = max(b.exits[i].at, f.at)
			slices.SortStableFunc(b.exits[:], func(x, y exit) int { return cmp.Compare(y.at, x.at) })
			return
		}
	}
	copy(b.exits[1:], b.exits[:])
	b.exits[0] = exit{f.from.address, f.at}
	slices.SortStableFunc(b.exits[:], func(x, y exit) int { return cmp.Compare(y.at, x.at) })
	if s := a.scopes[account]; s != nil {
		l.counts.Crowded += s.exits.add(f.from.address, f.hour)
		s.dirty, s.whole = true, true
	}
}

// dropBoxes forgets the half of all instances that were unseen longest.
func (l *Learner) dropBoxes() {
	keys := make([]uint64, 0, len(l.boxes))
	for k := range l.boxes {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b uint64) int { return cmp.Or(cmp.Compare(l.boxes[a].last, l.boxes[b].last), cmp.Compare(a, b)) })
	for _, k := range keys[:len(keys)/2] {
		delete(l.boxes, k)
		l.remove(rowInstance, hex(k))
		l.counts.Crowded++
	}
}

// delivered reports whether the record says that the instance's metadata service gave the credential.
func delivered(e *event.Event) bool {
	return bytes.Contains(e.Record().Get(event.IdentitySession), []byte(`"ec2RoleDelivery"`))
}
