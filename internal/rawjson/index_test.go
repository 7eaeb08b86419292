package rawjson

import (
	"math/rand/v2"
	"testing"
)

// plainIndex is the index by the letter of its description.
func plainIndex(b []byte) (quotes, odd []uint64) {
	n := (len(b) + 63) / 64
	quotes, odd = make([]uint64, n), make([]uint64, n)
	for i, c := range b {
		if c == '"' {
			quotes[i/64] |= 1 << (i % 64)
		}
		if c == '\\' || c < ' ' || c >= 0x80 {
			odd[i/64] |= 1 << (i % 64)
		}
	}
	return quotes, odd
}

// TestIndex holds both ways of indexing against the plain one, on every byte at every place and on noise of every length.
func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	ways := map[string]func([]byte, []uint64, []uint64){"registers": index, "words": indexGo}
	check := func(b []byte) {
		t.Helper()
		wantQuotes, wantOdd := plainIndex(b)
		for name, way := range ways {
			quotes, odd := make([]uint64, len(wantQuotes)), make([]uint64, len(wantQuotes))
			way(b, quotes, odd)
			for w := range quotes {
				if quotes[w] != wantQuotes[w] {
					t.Fatalf("%s: quotes of word %d are %b, want %b: %q", name, w, quotes[w], wantQuotes[w], b)
				}
				lowest := wantOdd[w] & -wantOdd[w]
				if odd[w]&wantOdd[w] != wantOdd[w] || odd[w]&-odd[w] != lowest || name == "registers" && len(b)%64 == 0 && odd[w] != wantOdd[w] {
					t.Fatalf("%s: odd ones of word %d are %b, want %b: %q", name, w, odd[w], wantOdd[w], b)
				}
			}
		}
	}
	for c := range 256 {
		for at := range 128 {
			b := make([]byte, 128)
			for i := range b {
				b[i] = byte('a' + i%26)
			}
			b[at] = byte(c)
			check(b)
		}
	}
	const letters = "\"\"\\abc{}[]:,# !\x1f\x7f\x80\xff\x00\x23\x21\x5d"
	for n := range 300 {
		b := make([]byte, n)
		for i := range b {
			b[i] = letters[random.IntN(len(letters))]
		}
		check(b)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		check(b)
	}
}
