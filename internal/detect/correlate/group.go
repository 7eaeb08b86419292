package correlate

import (
	"math"
	"slices"
	"sort"
)

// Times are microseconds. never is before all that can be, with room to subtract a timespan; ever is after.
const (
	never int64 = math.MinInt64 / 4
	ever  int64 = math.MaxInt64 / 4
)

// group is what is held for one correlation and one combination of group-by values. There may be a million of them, so what
// few need is behind a pointer.
type group struct {
	key   string // the packed values
	hits  []hit  // sorted, those that a window to come can still need
	more  *story
	from  int64 // the oldest time at which something new has come since the last visit; ever when nothing has
	upto  int64 // the newest such time
	due   int64 // the watermark has to pass this before there is something to do without new hits; ever when unscheduled
	stamp uint64
	next  *group // by progress, in the runner's list
	prev  *group
	texts int // bytes of the hits' texts
	flags uint8
}

const (
	gone  uint8 = 1 << iota // no longer held; lists may still point to it
	late                    // something has come behind the watermark since the last visit
	dirty                   // differs from its row
	saved                   // has a row
)

func (g *group) is(f uint8) bool { return g.flags&f != 0 }
func (g *group) set(f uint8)     { g.flags |= f }
func (g *group) unset(f uint8)   { g.flags &^= f }

// story is what has become of a group beyond the hits that it holds.
type story struct {
	bursts  []burst // by time, more than a timespan apart
	covered int64   // paved windows: judged up to here
	trimmed int64   // the newest time of which hits had to go because there were too many
}

func (g *group) story() *story {
	if g.more == nil {
		g.more = &story{covered: never, trimmed: never}
	}
	return g.more
}

// bursts are the group's firings that are not final.
func (g *group) bursts() []burst {
	if g.more == nil {
		return nil
	}
	return g.more.bursts
}

func (g *group) covered() int64 {
	if g.more == nil {
		return never
	}
	return g.more.covered
}

// find says where a hit is, or where it belongs. Most hits come last.
func (g *group) find(h *hit) (int, bool) {
	n := len(g.hits)
	if n == 0 || g.hits[n-1].order(h) < 0 {
		return n, false
	}
	return slices.BinarySearchFunc(g.hits, h, func(a hit, b *hit) int { return a.order(b) })
}

// since is the index of the first hit at or after a time.
func (g *group) since(at int64) int {
	return sort.Search(len(g.hits), func(i int) bool { return g.hits[i].at >= at })
}

func (g *group) insert(i int, h hit) {
	g.hits = slices.Insert(g.hits, i, h)
	g.texts += len(h.text)
}

// merge reports whether the hit at i learnt something from another copy of it.
func (g *group) merge(i int, h hit) bool {
	g.texts -= len(g.hits[i].text)
	learnt := g.hits[i].merge(h)
	g.texts += len(g.hits[i].text)
	return learnt
}

// release lets go of the first n hits.
func (g *group) release(n int) {
	if n == 0 {
		return
	}
	for _, h := range g.hits[:n] {
		g.texts -= len(h.text)
	}
	left := len(g.hits) - n
	if room := cap(g.hits); room > 16 && left < room/4 {
		g.hits = append(make([]hit, 0, left), g.hits[n:]...)
		return
	}
	g.hits = slices.Delete(g.hits, 0, n)
}

// What a group takes of memory, as Go's allocator and map have it on 64 bits: measured, see TestMemory.
const (
	groupBytes = 112 + 48 + 32 // itself, its place in the map, its place in the queue
	hitBytes   = 32
	textBytes  = 16 // an allocation is a little larger than what is asked for
	burstBytes = 128
)

// size is about how many bytes the group takes.
func (g *group) size() int {
	n := groupBytes + len(g.key) + textBytes + cap(g.hits)*hitBytes + g.texts + len(g.hits)*textBytes
	for i := range g.bursts() {
		n += burstBytes + cap(g.more.bursts[i].kept)*(hitBytes+4*textBytes)
	}
	return n
}
