package rawjson

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// Special is the index of the first byte of b that means something inside a string: a quote, a backslash or a control
// character; len(b) when there is none. It looks at eight bytes at a time, because most of a log is strings.
func Special(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, slash := x^('"'*ones), x^('\\'*ones)
		found := ((x - ' '*ones) & ^x) | ((quote - ones) & ^quote) | ((slash - ones) & ^slash)
		if found &= highs; found != 0 { // the lowest bit found is right; those above it may be borrowed
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return i
}
