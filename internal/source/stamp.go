package source

import (
	"hash/maphash"

	"jobzero/internal/event"
	"jobzero/internal/rawjson"
)

// Stamp stands for an event's key: 16 bytes of keyed hash, so that memory is bounded however long an eventID a log claims, and
// nobody outside can aim for a collision. Stamps of different windows have nothing to do with one another.
type Stamp [2]uint64

// Stamp makes the stamp of a record's key as it was written; false when it is not plain.
func (d *Dedupe) Stamp(account, id rawjson.Value) (Stamp, bool) {
	a, ok := account.Plain()
	if !ok || len(a) != 12 {
		return Stamp{}, false
	}
	i, ok := id.Plain()
	if !ok {
		return Stamp{}, false
	}
	return mix(maphash.Bytes(d.seed, i), maphash.Bytes(d.salt, i), number(a)), true
}

// StampOf makes the stamp of a key: the same as Stamp does for the same key.
func (d *Dedupe) StampOf(k event.Key) Stamp {
	id := string(k.ID)
	return mix(maphash.String(d.seed, id), maphash.String(d.salt, id), number([]byte(k.Account)))
}

// mix joins the hashes of the ID with the account, which is twelve digits and so hashes to itself.
func mix(seed, salt, account uint64) Stamp {
	const odd, other = 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f // any two odd numbers with many bits: each account moves every bit
	return Stamp{seed + account*odd, salt ^ account*other}
}

func number(digits []byte) (n uint64) {
	for _, c := range digits {
		n = n*10 + uint64(c-'0')
	}
	return n
}

// FirstStamp marks the stamp and says whether it is new.
func (d *Dedupe) FirstStamp(p Stamp) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.has(p) {
		return false
	}
	d.add(p)
	return true
}
