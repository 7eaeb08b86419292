package ledger

import (
	"crypto/sha256"
	"encoding/binary"
)

// window remembers the events that came last: at least half of what it may hold. A stamp is eight bytes of a hash, so that two
// events of a window of a million are taken for one once in some ten million million events.
type window struct {
	half       int
	young, old stamps
}

// first marks a stamp and says whether it is new.
func (w *window) first(s uint64) bool {
	if w.old.has(s) {
		return false
	}
	if w.young.n < w.half {
		return w.young.add(s)
	}
	if w.young.has(s) {
		return false
	}
	w.add(s)
	return true
}

func (w *window) has(s uint64) bool { return w.young.has(s) || w.old.has(s) }

func (w *window) add(s uint64) {
	if w.young.n >= w.half {
		w.young, w.old = stamps{}, w.young
	}
	w.young.add(s)
}

// list gives the stamps, those of the older half first.
func (w *window) list() []uint64 { return append(w.old.list(), w.young.list()...) }

// Finish remembers that a file was read whole. Its name must be one that no other file ever has, such as those that CloudTrail
// gives.
func (l *Ledger) Finish(name string) {
	if s := hashOf([]byte(name)); !l.files.has(s) {
		l.files.add(s)
	}
}

// Finished reports whether a file was read before, as far as is remembered.
func (l *Ledger) Finished(name string) bool { return l.files.has(hashOf([]byte(name))) }

// FinishedNow is Finished by what is remembered now, whatever is read afterwards. It is safe for concurrent use.
func (l *Ledger) FinishedNow() func(name string) bool {
	now := window{young: l.files.young.clone(), old: l.files.old.clone()}
	return func(name string) bool { return now.has(hashOf([]byte(name))) }
}

// hashOf gives eight bytes of a hash that is the same in every process, so that it can be kept in a file.
func hashOf(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return max(1, binary.LittleEndian.Uint64(sum[:]))
}
