package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
)

// FuzzGzip holds this package against the standard library, with a limit. Bare input is a deflate stream, which gets the header and
// the trailer it should have: else hardly any would come as far as a right checksum.
func FuzzGzip(f *testing.F) {
	const most = 1 << 20
	for name, content := range contents() {
		content = content[:min(len(content), 3000)]
		for _, level := range []int{gzip.HuffmanOnly, gzip.NoCompression, 1, 9} {
			src := pack(f, content, level)
			f.Add(src, false, uint32(most))
			f.Add(src[10:len(src)-8], true, uint32(len(content)))
			if name == "json" {
				f.Add(join(src, src, make([]byte, 9)), false, uint32(len(content)+100))
				f.Add(join(src[:3], []byte{withName | withComment | withExtra}, src[4:10], []byte("\x02\x00eename\x00comment\x00"), src[10:]), false, uint32(most))
			}
		}
	}
	for seed := range uint64(20) {
		w := writer{r: rand.New(rand.NewPCG(seed, 1))}
		w.block(int(seed*seed), false)
		w.block(30, true)
		f.Add(w.b, true, uint32(most))
	}
	var used Decoder
	f.Fuzz(func(t *testing.T, src []byte, bare bool, limit uint32) {
		if bare {
			src = dress(src, most)
		}
		limit %= most + 1
		agree(t, new(Decoder), src, int(limit))
		agree(t, &used, src, int(limit)) // what other input has left behind must not matter
	})
}

// dress makes a gzip member of a deflate stream, as far as it goes.
func dress(stream []byte, most int64) []byte {
	r := bytes.NewReader(stream)
	content, err := io.ReadAll(io.LimitReader(flate.NewReader(r), most))
	if err == nil {
		stream = stream[:len(stream)-r.Len()]
	}
	return member(stream, crc32.ChecksumIEEE(content), len(content))
}
