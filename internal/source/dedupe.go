package source

import (
	"hash/maphash"
	"sync"

	"jobzero/internal/event"
)

// DefaultWindow is how many keys a Dedupe remembers at most when nothing else is asked for.
const DefaultWindow = 1 << 20

// Dedupe is a bounded window of the keys seen last: at least half its capacity, at most all of it. It holds 16-byte keyed
// hashes instead of the keys, so that its memory is bounded however long an eventID a log claims, and nobody outside can
// aim for a collision. It is safe for concurrent use.
type Dedupe struct {
	half       int
	seed, salt maphash.Seed

	mu         sync.Mutex
	young, old stampSet
}

// NewDedupe makes a window of a capacity; zero or less means DefaultWindow.
func NewDedupe(capacity int) *Dedupe {
	if capacity <= 0 {
		capacity = DefaultWindow
	}
	return &Dedupe{half: max(1, capacity/2), seed: maphash.MakeSeed(), salt: maphash.MakeSeed()}
}

// Seen says whether the key was marked and is still in the window.
func (d *Dedupe) Seen(k event.Key) bool {
	p := d.StampOf(k)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.has(p)
}

// Mark remembers the key. A live source marks after the commit, so that a message that failed is not taken for a duplicate.
func (d *Dedupe) Mark(k event.Key) {
	p := d.StampOf(k)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(p)
}

// First marks the key and says whether it is new: Seen and Mark in one step.
func (d *Dedupe) First(k event.Key) bool { return d.FirstStamp(d.StampOf(k)) }

// Len is how many keys the window holds, those twice that were marked again since they were old.
func (d *Dedupe) Len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.young.size() + d.old.size()
}

func (d *Dedupe) has(p Stamp) bool { return d.young.has(p) || d.old.has(p) }

// add puts the key among the young; when those are half the window, they become the old and the old are forgotten.
func (d *Dedupe) add(p Stamp) {
	if d.young.size() >= d.half && !d.young.has(p) {
		d.old.clear()
		d.young, d.old = d.old, d.young
	}
	d.young.add(p)
}
