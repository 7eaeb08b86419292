package inflate

import (
	"bytes"
	"compress/gzip"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"
)

// small are files in which every byte is worth breaking.
func small(t *testing.T) map[string][]byte {
	t.Helper()
	var header bytes.Buffer
	w := gzip.NewWriter(&header)
	w.Name, w.Comment, w.Extra = "a name", "a comment", []byte("extra")
	if _, err := w.Write([]byte("content")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	withCRC := bytes.Clone(header.Bytes())
	withCRC[3] |= 1 << 1
	end := 10 + 2 + 5 + len("a name") + 1 + len("a comment") + 1
	withCRC = join(withCRC[:end], crc16(withCRC[:end]), withCRC[end:])
	text := trail(1500, 3)
	odd := writer{r: rand.New(rand.NewPCG(1, 2))}
	odd.block(60, true)
	return map[string][]byte{
		"header": header.Bytes(), "header with CRC": withCRC, "empty": pack(t, nil, 6), "stored": pack(t, text[:40], 0),
		"fixed": pack(t, []byte("abcabcabcabc, abcabc"), 6), "dynamic": pack(t, text[:600], 9), "huffman": pack(t, text[:300], gzip.HuffmanOnly),
		"two": join(pack(t, text[:90], 1), pack(t, text[:60], 6)), "zeros": pack(t, make([]byte, 3000), 6),
		"odd": member(odd.b, crc32.ChecksumIEEE(odd.content), len(odd.content)),
	}
}

func TestTruncatedAsTheLibrary(t *testing.T) {
	var d Decoder
	for name, src := range small(t) {
		for n := range src {
			if agree(t, &d, src[:n], 1<<20); t.Failed() {
				t.Fatalf("%s, %d of %d bytes", name, n, len(src))
			}
		}
	}
	src := pack(t, trail(20_000, 3), 6)
	for n := range src {
		if _, err := d.Gzip(nil, src[:n], 1<<20); err == nil || n > 10 && !strings.Contains(err.Error(), "truncated") {
			t.Fatalf("%d of %d bytes: %v", n, len(src), err)
		}
	}
}

// TestBrokenAsTheLibrary replaces each byte by all others in files of up to 60 bytes, and by some in longer ones.
func TestBrokenAsTheLibrary(t *testing.T) {
	var d Decoder
	for name, whole := range small(t) {
		src := bytes.Clone(whole)
		for i, was := range whole {
			for by := 1; by < 256; by++ {
				if len(src) > 60 && by&(by-1) != 0 && by != 255 {
					continue
				}
				src[i] = was ^ byte(by)
				if agree(t, &d, src, 1<<16); t.Failed() {
					t.Fatalf("%s, byte %d: %02x instead of %02x", name, i, src[i], was)
				}
			}
			src[i] = was
		}
	}
}

func TestLimits(t *testing.T) {
	var d Decoder
	for name, src := range small(t) {
		want, err := library(src, 1<<20)
		if err != nil {
			t.Fatal(name, err)
		}
		for limit := max(0, len(want)-350); limit < len(want)+2; limit++ {
			if agree(t, &d, src, limit); t.Failed() {
				t.Fatalf("%s: limit %d of %d", name, limit, len(want))
			}
		}
		large := make([]byte, len(want)+1000)
		got, err := d.Gzip(large, src, len(want)-1)
		if err == nil && len(want) > 0 || len(got) >= len(want) && len(want) > 0 {
			t.Errorf("%s: %v: %d bytes in a large dst, the limit is %d", name, err, len(got), len(want)-1)
		}
	}
}

// TestBomb: 5 KB that would become 5 MB, and an honest trailer and two lying ones.
func TestBomb(t *testing.T) {
	var d Decoder
	bomb := pack(t, make([]byte, 5<<20), 6)
	for _, said := range [][]byte{bomb[len(bomb)-4:], {255, 255, 255, 255}, {1, 0, 0, 0}} {
		copy(bomb[len(bomb)-4:], said)
		const limit = 100_000
		got, err := d.Gzip(nil, bomb, limit)
		if err == nil || !strings.Contains(err.Error(), "limit of 100000 bytes") || len(got) > limit || cap(got) > limit {
			t.Errorf("%v: %d bytes in %d", err, len(got), cap(got))
		}
	}
	tiny := pack(t, []byte("tiny"), 6)
	copy(tiny[len(tiny)-4:], []byte{255, 255, 255, 127})
	if got, err := d.Gzip(nil, tiny, 1<<31-1); err == nil || cap(got) > 10_000 {
		t.Errorf("%v: %d bytes for a promise", err, cap(got))
	}
}

func TestDstIsUsedAgain(t *testing.T) {
	var d Decoder
	content := trail(100_000, 1)
	src := pack(t, content, 6)
	dst := make([]byte, 10, len(content))
	if n := testing.AllocsPerRun(10, func() {
		got, err := d.Gzip(dst, src, 1<<30)
		if err != nil || &got[0] != &dst[0] || !bytes.Equal(got, content) {
			t.Fatal(err, len(got))
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	whole := dst[:cap(dst)]
	for _, short := range [][]byte{nil, dst[:0:1], dst[5:5:50_000]} {
		clear(whole)
		if got, err := d.Gzip(short, src, 1<<30); err != nil || !bytes.Equal(got, content) {
			t.Error(err, len(got))
		}
		if len(bytes.Trim(whole, "\x00")) != 0 {
			t.Error("a dst that is too short has been written to")
		}
	}
}
