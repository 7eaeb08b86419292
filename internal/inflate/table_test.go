package inflate

import (
	"math/bits"
	"testing"
)

// TestTablesAreLongEnough counts, over every complete code there can be, how many entries its table takes.
func TestTablesAreLongEnough(t *testing.T) {
	for name, c := range map[string]struct{ symbols, longest, width, size int }{
		"literals":  {litCodes, maxCode, litWidth, litSize},
		"distances": {distCodes, maxCode, distWidth, distSize},
		"lengths":   {lengthCodes, 7, lengthWidth, 1 << lengthWidth},
	} {
		if got := mostEntries(c.symbols, c.longest, c.width); got != c.size {
			t.Errorf("%s: a table can take %d entries, there are %d", name, got, c.size)
		}
	}
}

// mostEntries is the size of the longest table that a code of up to so many symbols can need. For one length after the other it
// knows how many entries can have been taken until there, for every number of symbols left, of codes still open and of entries
// free in the last table behind the first.
func mostEntries(symbols, longest, width int) int {
	frees := 1<<(longest-width) + 1
	at := func(left, open, free int) int { return (left*(symbols+1)+open)*frees + free }
	here := make([]int, (symbols+1)*(symbols+1)*frees)
	for open := 2; open <= min(symbols, 2<<width); open += 2 {
		// Codes that fit into the first table take what is not open: as many powers of two as they like, so this many at least.
		ended := bits.OnesCount(uint(1<<width - open/2))
		for left := open; left+ended <= symbols; left++ {
			here[at(left, open, 0)] = 1 << width
		}
	}
	most := 1 << width
	for n := width + 1; n <= longest; n++ {
		next := make([]int, len(here))
		for i, entries := range here {
			if entries == 0 {
				continue // cannot be
			}
			left, open, free := i/frees/(symbols+1), i/frees%(symbols+1), i%frees
			for ; open > 0; left, open = left-1, open-1 { // with one code more of this length each time
				if left >= 2*open && n < longest { // the rest of the codes are longer
					wider := entries
					if free > 0 {
						wider += 1 << (n - width) // the table is for longer codes, too
					}
					to := at(left, 2*open, 2*free)
					next[to] = max(next[to], wider)
				}
				if free == 0 {
					free = 1 << (n - width)
					entries += free
				}
				free--
			}
			if left == 0 {
				most = max(most, entries)
			}
		}
		here = next
	}
	return most
}
