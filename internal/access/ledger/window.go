package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
)

// window remembers the events that came last: at least half of what it may hold. A stamp is eight bytes of a hash, so that two
// events of a window of a million are taken for one once in some ten million million events.
type window struct {
	half       int
	young, old map[uint64]struct{}
}

// first marks a stamp and says whether it is new.
func (w *window) first(s uint64) bool {
	if _, old := w.old[s]; old {
		return false
	}
	if w.young == nil || len(w.young) >= w.half {
		if w.has(s) {
			return false
		}
		w.add(s)
		return true
	}
	before := len(w.young)
	w.young[s] = struct{}{}
	return len(w.young) > before
}

func (w *window) has(s uint64) bool {
	_, young := w.young[s]
	_, old := w.old[s]
	return young || old
}

func (w *window) add(s uint64) {
	if w.young == nil || len(w.young) >= w.half {
		w.young, w.old = map[uint64]struct{}{}, w.young
	}
	w.young[s] = struct{}{}
}

// list gives the stamps, those of the older half first.
func (w *window) list() []uint64 {
	var out []uint64
	for _, m := range []map[uint64]struct{}{w.old, w.young} {
		begin := len(out)
		for s := range m {
			out = append(out, s)
		}
		slices.Sort(out[begin:])
	}
	return out
}

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
	now := window{young: maps.Clone(l.files.young), old: maps.Clone(l.files.old)}
	return func(name string) bool { return now.has(hashOf([]byte(name))) }
}

// hashOf gives eight bytes of a hash that is the same in every process, so that it can be kept in a file.
func hashOf(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return max(1, binary.LittleEndian.Uint64(sum[:]))
}
