package inflate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"jobzero/internal/fault"
)

// agree holds this package against the standard library: the same content, or an error of both. Where both fail, what they
// give until then is the same as far as both go.
func agree(tb testing.TB, d *Decoder, src []byte, limit int) {
	tb.Helper()
	got, err := d.Gzip(nil, src, limit)
	want, wantErr := library(src, limit)
	fits := len(want) <= limit
	switch {
	case len(got) > limit || cap(got) > limit:
		tb.Errorf("%d bytes in room for %d, the limit is %d", len(got), cap(got), limit)
	case err != nil && !fault.Is(err, fault.Invalid):
		tb.Errorf("%v: its code is %s", err, fault.CodeOf(err))
	case err == nil && !fits:
		tb.Errorf("%d bytes and no error, the library finds more than the limit of %d", len(got), limit)
	case err == nil && wantErr != nil && !allowed(src, got, wantErr):
		tb.Errorf("%d bytes and no error, the library says: %v", len(got), wantErr)
	case err == nil && wantErr == nil && !bytes.Equal(got, want):
		tb.Errorf("%d bytes, other than the library's %d", len(got), len(want))
	case err != nil && wantErr == nil && fits:
		tb.Errorf("%v; the library finds nothing wrong and %d bytes", err, len(want))
	case err != nil:
		if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
			tb.Errorf("%v: the %d bytes until then are not the library's", err, n)
		}
	}
}

// allowed knows the two things that the library refuses and this package reads: zeros at the end, and long texts in a header.
func allowed(src, got []byte, wantErr error) bool {
	const reach = 16 // zeros that may yet belong to the last member
	bare := len(bytes.TrimRight(src, "\x00"))
	for n := bare; n < len(src) && n < bare+reach; n++ {
		if want, err := library(src[:n], len(got)); err == nil && bytes.Equal(got, want) {
			return true
		}
	}
	longest := 0
	for text := range bytes.SplitSeq(src, []byte{0}) {
		longest = max(longest, len(text))
	}
	return errors.Is(wantErr, gzip.ErrHeader) && longest >= 512
}

// contents are of every kind that packs differently.
func contents() map[string][]byte {
	r := rand.New(rand.NewPCG(3, 4))
	random, few := make([]byte, 70_000), make([]byte, 70_000)
	for i := range random {
		random[i] = byte(r.Uint32())
		few[i] = "ab\n"[r.IntN(3)]
	}
	periods := []byte{}
	for n := 1; n <= 40; n++ { // each period, and lengths up to several times the longest repetition
		periods = append(periods, bytes.Repeat(random[n*50:][:n], 1+900/n)...)
	}
	return map[string][]byte{
		"nothing": {}, "one byte": {'x'}, "json": trail(150_000, 1), "random": random, "three letters": few, "zeros": make([]byte, 100_000),
		"periods": periods, "far back": append(append(bytes.Clone(random[:300]), random[1000:33_300]...), random[:300]...),
		"every byte": bytes.Repeat(random[:256], 40), "half": append(bytes.Clone(random[:20_000]), trail(20_000, 2)...),
	}
}

func TestGzipAsTheLibrary(t *testing.T) {
	var d Decoder
	for name, content := range contents() {
		for _, level := range []int{gzip.HuffmanOnly, gzip.NoCompression, 1, 6, 9} {
			t.Run(fmt.Sprintf("%s, level %d", name, level), func(t *testing.T) {
				src := pack(t, content, level)
				agree(t, &d, src, len(content))
				got, err := d.Gzip(nil, src, len(content))
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%v: %d bytes, want %d", err, len(got), len(content))
				}
			})
		}
	}
}

// TestGzipSizes goes over the sizes at which loops, windows and stored blocks begin and end.
func TestGzipSizes(t *testing.T) {
	text, random := trail(140_000, 5), contents()["random"]
	sizes := []int{}
	for _, around := range []int{64, 258, 512, 4096, 32_768, 65_535, 131_072} {
		for n := around - 6; n <= around+6; n++ {
			sizes = append(sizes, n)
		}
	}
	for n := range 44 {
		sizes = append(sizes, n)
	}
	var d Decoder
	dst := make([]byte, 0, 1000)
	for _, n := range sizes {
		for _, content := range [][]byte{text[:n], random[:min(n, len(random))], bytes.Repeat([]byte("abc"), n/3)} {
			src := pack(t, content, 6)
			var err error
			if dst, err = d.Gzip(dst, src, 1<<20); err != nil || !bytes.Equal(dst, content) {
				t.Fatalf("%d bytes: %v: got %d", len(content), err, len(dst))
			}
		}
	}
}

func TestGzipMembers(t *testing.T) {
	var d Decoder
	one, two, none := pack(t, trail(70_000, 1), 6), pack(t, []byte("second"), 9), pack(t, nil, 6)
	for name, src := range map[string][]byte{
		"two": join(one, two), "again": join(one, one, one), "empty ones": join(none, one, none, none, two, none), "only empty": none,
		"cut between": join(one, two[:5]), "zeros": join(one, make([]byte, 600)), "a zero": join(two, []byte{0}),
		"zeros, member": join(two, make([]byte, 8), two), "garbage": join(one, []byte("garbage")), "zeros, garbage": join(one, []byte{0, 0, 1}),
	} {
		t.Run(name, func(t *testing.T) { agree(t, &d, src, 1<<20) })
	}
	// A repetition must not reach into the member before.
	packed := pack(t, []byte(strings.Repeat("abcdefgh", 50)), 6)
	reaching := member([]byte{0x4b, 0x04, 0x72, 0x00}, 0, 0) // fixed: "a", then 10 bytes from 4 back
	got, err := d.Gzip(nil, join(packed, reaching), 1<<20)
	if err == nil || len(got) < 400 || !strings.Contains(err.Error(), "bytes back") {
		t.Errorf("%v, %d bytes", err, len(got))
	}
	agree(t, &d, join(packed, reaching), 1<<20)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
