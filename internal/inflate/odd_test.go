package inflate

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOddCodes decodes what no compressor writes: codes of random shapes up to 15 bits, symbols in random order, every distance.
func TestOddCodes(t *testing.T) {
	var d Decoder
	for seed := range uint64(200) {
		w := writer{r: rand.New(rand.NewPCG(seed, 9))}
		for blocks := 1 + w.r.IntN(4); blocks > 0; blocks-- {
			w.block(w.r.IntN(3000), blocks == 1)
		}
		src := member(w.b, crc32.ChecksumIEEE(w.content), len(w.content))
		got, err := d.Gzip(nil, src, len(w.content)) // no slack at the end
		if err != nil || !bytes.Equal(got, w.content) {
			t.Fatalf("seed %d: %v: %d bytes, want %d", seed, err, len(got), len(w.content))
		}
		agree(t, &d, src, 1<<22)
		agree(t, &d, join(src, src), 1<<22)
		agree(t, &d, src, max(0, len(w.content)-1-w.r.IntN(300)))
		agree(t, &d, src[:w.r.IntN(len(src))], 1<<22)
		src[w.r.IntN(len(src))] ^= 1 << w.r.IntN(8)
		if agree(t, &d, src, 1<<22); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestFewOddCodes stays below the slack at the ends, so that every symbol goes the careful way.
func TestFewOddCodes(t *testing.T) {
	var d Decoder
	for seed := range uint64(500) {
		w := writer{r: rand.New(rand.NewPCG(seed, 10))}
		if seed%2 == 0 {
			w.block(w.r.IntN(40), true)
		} else { // from far back
			w.stored(30_000)
			w.block(w.r.IntN(6), true)
		}
		src := member(w.b, crc32.ChecksumIEEE(w.content), len(w.content))
		got, err := d.Gzip(nil, src, len(w.content))
		if err != nil || !bytes.Equal(got, w.content) {
			t.Fatalf("seed %d: %v: %d bytes, want %d", seed, err, len(got), len(w.content))
		}
		for n := max(0, len(src)-25); n < len(src); n++ {
			if got, err := d.Gzip(nil, src[:n], 1<<20); err == nil || !bytes.HasPrefix(w.content, got) {
				t.Fatalf("seed %d, %d of %d bytes: %v: %d of %d, or others", seed, n, len(src), err, len(got), len(w.content))
			}
		}
	}
}

// member wraps a compressed body.
func member(body []byte, crc uint32, size int) []byte {
	b := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, body...)
	b = binary.LittleEndian.AppendUint32(b, crc)
	return binary.LittleEndian.AppendUint32(b, uint32(size))
}

// writer writes blocks of random symbols, and what they stand for.
type writer struct {
	r       *rand.Rand
	b       []byte
	used    int // bits of the last byte
	content []byte
}

func (w *writer) put(v, n int) {
	for ; n > 0; n-- {
		if w.used%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[len(w.b)-1] |= byte(v&1) << (w.used % 8)
		v >>= 1
		w.used++
	}
}

// stored writes a block of so many random bytes as they are.
func (w *writer) stored(n int) {
	w.put(0, 3)
	w.put(0, -w.used&7)
	w.put(n, 16)
	w.put(^n, 16)
	for range n {
		w.content = append(w.content, byte(w.r.Uint32()))
	}
	w.b = append(w.b, w.content[len(w.content)-n:]...)
	w.used += 8 * n
}

// shape makes lengths of a complete code of some of the symbols, the wanted one among them: it splits random codes in two.
func (w *writer) shape(symbols, some, wanted int) []uint8 {
	lens := []uint8{0}
	for len(lens) < some {
		i := len(lens) - 1 - w.r.IntN(min(len(lens), 1+w.r.IntN(len(lens))))
		if lens[i] == maxCode {
			i = slices.Index(lens, slices.Min(lens))
		}
		lens[i]++
		lens = append(lens, lens[i])
	}
	lens[0] = max(lens[0], 1) // one symbol has one bit
	lens = append(lens, make([]uint8, symbols-some)...)
	w.r.Shuffle(symbols, func(i, j int) { lens[i], lens[j] = lens[j], lens[i] })
	if lens[wanted] == 0 {
		i := slices.IndexFunc(lens, func(n uint8) bool { return n > 0 })
		lens[i], lens[wanted] = 0, lens[i]
	}
	return lens
}

// codesOf is section 3.2.2 by the letter.
func codesOf(lens []uint8) []int {
	codes, code := make([]int, len(lens)), 0
	for n := uint8(1); n <= maxCode; n++ {
		for s := range lens {
			if lens[s] == n {
				codes[s] = int(bits.Reverse16(uint16(code)) >> (16 - n))
				code++
			}
		}
		code <<= 1
	}
	return codes
}

// block writes a block of up to so many symbols.
func (w *writer) block(symbols int, last bool) {
	w.put(map[bool]int{true: 1}[last], 1)
	w.put(2, 2)
	lit := w.shape(litCodes, 2+w.r.IntN(litCodes-1), 256)
	dist := w.shape(distCodes, 1+w.r.IntN(distCodes), 0)
	w.put(litCodes-257, 5)
	w.put(distCodes-1, 5)
	w.put(lengthCodes-4, 4)
	own := bytes.Repeat([]byte{4}, lengthCodes) // 13 codes of 4 bits and 6 of 5 are complete
	copy(own[13:], bytes.Repeat([]byte{5}, 6))
	for _, s := range lengthOrder {
		w.put(int(own[s]), 3)
	}
	ownCodes := codesOf(own)
	for _, n := range slices.Concat(lit, dist) {
		w.put(ownCodes[n], int(own[n]))
	}
	litCode, distCode := codesOf(lit), codesOf(dist)
	for range symbols {
		s, back := w.r.IntN(litCodes), w.r.IntN(distCodes)
		distance := int(distances[back]>>16) + w.r.IntN(1<<distances[back].uses())
		switch {
		case lit[s] == 0 || s == 256 || s > 256 && (dist[back] == 0 || distance > len(w.content)):
			continue
		case s < 256:
			w.put(litCode[s], int(lit[s]))
			w.content = append(w.content, byte(s))
			continue
		}
		w.put(litCode[s], int(lit[s]))
		more := w.r.IntN(1 << literals[s].uses())
		w.put(more, literals[s].uses())
		w.put(distCode[back], int(dist[back]))
		w.put(distance-int(distances[back]>>16), distances[back].uses())
		for range int(literals[s]>>16) + more {
			w.content = append(w.content, w.content[len(w.content)-distance])
		}
	}
	w.put(litCode[256], int(lit[256]))
}
