package intel

import (
	"slices"
	"sort"
)

// span is a range of addresses, both ends included, with the indicator that names it. Two of them are apart, the same, or one is
// inside the other: that is how ranges with a common beginning are.
type span[K comparable] struct {
	from, to K
	row      uint32
}

// table finds the ranges around an address: the line of addresses is cut where a range begins or ends, and each piece knows
// the smallest range that it is in.
type table[K comparable] struct {
	less  func(a, b K) bool
	high  func(k K) uint16 // the highest bits: where to begin to look
	spans []span[K]
	outer []int32  // of each range: the one around it, -1 for none
	cuts  []K      // where pieces begin
	in    []int32  // of each piece: the smallest range; -1 for none
	from  []uint32 // by the highest bits: the first piece that begins there or later; nil for a small table
}

// newTable makes a table of ranges.
func newTable[K comparable](spans []span[K], less func(a, b K) bool, high func(K) uint16) *table[K] {
	t := &table[K]{less: less, high: high, spans: slices.Clip(spans)}
	slices.SortFunc(t.spans, func(a, b span[K]) int {
		switch { // the one around stands before those in it
		case less(a.from, b.from) || a.from == b.from && less(b.to, a.to):
			return -1
		case a.from == b.from && a.to == b.to:
			return int(a.row) - int(b.row)
		}
		return 1
	})
	t.outer = make([]int32, len(t.spans))
	var open []int32
	for i, s := range t.spans {
		for len(open) > 0 && less(t.spans[open[len(open)-1]].to, s.from) {
			open = t.leave(open)
		}
		t.outer[i] = top(open)
		t.cut(s.from, int32(i))
		open = append(open, int32(i))
	}
	for len(open) > 0 {
		open = t.leave(open)
	}
	t.cuts, t.in = slices.Clip(t.cuts), slices.Clip(t.in)
	t.shortcut()
	return t
}

// shortcut notes where pieces begin, so that a look reads little memory.
func (t *table[K]) shortcut() {
	const small = 1024
	if len(t.cuts) < small {
		return
	}
	t.from = make([]uint32, 1<<16+1)
	n := 0
	for i := range t.from {
		for n < len(t.cuts) && int(t.high(t.cuts[n])) < i {
			n++
		}
		t.from[i] = uint32(n)
	}
}

func top(open []int32) int32 {
	if len(open) == 0 {
		return -1
	}
	return open[len(open)-1]
}

// leave ends the innermost open range: what follows is in the one around it.
func (t *table[K]) leave(open []int32) []int32 {
	ended := open[len(open)-1]
	open = open[:len(open)-1]
	if next, more := after(t.spans[ended].to); more {
		t.cut(next, top(open))
	}
	return open
}

// cut begins a piece. Of pieces that begin at one place the last counts.
func (t *table[K]) cut(at K, in int32) {
	if n := len(t.cuts); n > 0 && t.cuts[n-1] == at {
		t.in[n-1] = in
		return
	}
	t.cuts, t.in = append(t.cuts, at), append(t.in, in)
}

// after is the address behind another one; false behind the last.
func after[K comparable](k K) (K, bool) {
	switch v := any(k).(type) {
	case uint32:
		next, _ := any(v + 1).(K)
		return next, v+1 != 0
	case wide:
		next := wide{v.high, v.low + 1}
		if next.low == 0 {
			next.high++
		}
		out, _ := any(next).(K)
		return out, next != wide{}
	}
	return k, false
}

// find calls each for the indicators of the ranges around an address, the smallest first.
func (t *table[K]) find(at K, each func(row uint32)) {
	low, high := 0, len(t.cuts)
	if t.from != nil {
		h := t.high(at)
		low, high = int(t.from[h]), int(t.from[int(h)+1])
	}
	i := low + sort.Search(high-low, func(i int) bool { return t.less(at, t.cuts[low+i]) }) - 1
	if i < 0 {
		return
	}
	for n := t.in[i]; n >= 0; n = t.outer[n] {
		each(t.spans[n].row)
	}
}

// texts finds indicators by the hash of their value. The entries are sorted by hash, and the highest bits say where to look, so that
// a look costs one or two reads of memory however many there are.
type texts struct {
	entries []entry
	starts  []uint32 // by the highest bits: the first entry
	shift   int
}

// newTexts sorts entries.
func newTexts(all []entry) *texts {
	slices.SortFunc(all, func(a, b entry) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return int(a.row) - int(b.row)
	})
	bits := 1
	for 1<<bits < len(all)/4 && bits < 24 {
		bits++
	}
	t := &texts{entries: slices.Clip(all), starts: make([]uint32, 1<<bits+1), shift: 64 - bits}
	n := 0
	for i := range t.starts {
		for n < len(all) && all[n].hash>>t.shift < uint64(i) {
			n++
		}
		t.starts[i] = uint32(n)
	}
	return t
}

// find gives the entries of a hash.
func (t *texts) find(h uint64) []entry {
	from, to := t.starts[h>>t.shift], t.starts[h>>t.shift+1]
	for from < to && t.entries[from].hash < h {
		from++
	}
	end := from
	for end < to && t.entries[end].hash == h {
		end++
	}
	return t.entries[from:end]
}
