package rawjson

import "encoding/binary"

// index notes for each byte of b, as a bit, whether it is a quote, and whether it is odd: a backslash, a control character or
// not ASCII. Both slices have a word for every 64 bytes; the bits behind the end are zero. A byte that stands less than eight
// behind an odd one may count as odd too.
func indexGo(b []byte, quotes, odd []uint64) {
	for w := range quotes {
		block := b[w*64:]
		if len(block) < 64 {
			var last [64]byte
			n := copy(last[:], block)
			for i := n; i < 64; i++ {
				last[i] = ' '
			}
			block = last[:]
		}
		quotes[w], odd[w] = index64(block[:64])
	}
}

func index64(b []byte) (quotes, odd uint64) {
	_ = b[63]
	for i := 0; i < 64; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, slash := x^('"'*ones), x^('\\'*ones)
		// Exact for every byte: the high bit of a byte is left only where all its bits were zero.
		found := ^((quote&^highs + ^uint64(highs)) | quote | ^uint64(highs))
		quotes |= found >> 7 * gather >> 56 << i
		if o := ((slash-ones)&^slash | (x - ' '*ones) | x) & highs; o != 0 {
			odd |= o >> 7 * gather >> 56 << i
		}
	}
	return quotes, odd
}

// gather brings the lowest bits of eight bytes together in the highest byte of the product.
const gather = 0x0102040810204080
