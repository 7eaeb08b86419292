package inflate

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"jobzero/internal/fault"
)

func crc16(b []byte) []byte {
	return binary.LittleEndian.AppendUint16(nil, uint16(crc32.ChecksumIEEE(b)))
}

// body is a member with these bits, written as in RFC 1951: fields from their lowest bit, one after the other.
func body(fields ...[2]int) []byte {
	var w writer
	for _, f := range fields {
		w.put(f[0], f[1])
	}
	return member(w.b, 0, 0)
}

func TestGzipSays(t *testing.T) {
	good := pack(t, []byte("content"), 6)
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[(at+len(b))%len(b)] = to
		return b
	}
	dynamic := func(lits, dists, lens int, more ...[2]int) []byte {
		return body(append([][2]int{{5, 3}, {lits - 257, 5}, {dists - 1, 5}, {lens - 4, 4}}, more...)...)
	}
	// Lengths of the code of code lengths, in the order 16 17 18 0 8: one code of one bit each for 16 and for 18.
	two := [][2]int{{1, 3}, {0, 3}, {1, 3}, {0, 3}}
	for name, c := range map[string]struct {
		src  []byte
		want string
	}{
		"empty":               {nil, "at byte 0: it is empty"},
		"other":               {[]byte("{}"), "at byte 0: it does not begin as gzip does"},
		"method":              {change(2, 7), "at byte 0: it does not begin as gzip does"},
		"header cut":          {good[:9], "at byte 9: it is truncated"},
		"name header cut":     {change(3, withName)[:9], "at byte 9: it is truncated"},
		"extra cut":           {join(change(3, withExtra)[:10], []byte{9, 0, 1}), "at byte 13: it is truncated"},
		"name cut":            {join(change(3, withName)[:10], []byte("name")), "at byte 14: it is truncated"},
		"header CRC":          {join(change(3, withCRC)[:10], []byte{1, 2}), "the header's CRC is"},
		"block type":          {body([2]int{7, 3}), "at byte 10: there is no block type 3"},
		"stored":              {body([2]int{1, 8}, [2]int{0x1234, 16}, [2]int{0x1234, 16}), "at byte 15: a stored block's length is 1234, its complement 1234"},
		"too many literals":   {dynamic(287, 1, 4), "bad code lengths: 287 literal and 1 distance codes"},
		"too many distances":  {dynamic(257, 31, 4), "bad code lengths: 257 literal and 31 distance codes"},
		"own code":            {dynamic(257, 1, 4, [2]int{1, 3}, [2]int{1, 3}, [2]int{1, 3}), "bad code lengths: their own code is not complete"},
		"nothing to repeat":   {dynamic(257, 1, 4, append(two, [2]int{0, 1})...), "bad code lengths: nothing to repeat"},
		"repeat too often":    {dynamic(257, 1, 4, append(two, [2]int{1, 1}, [2]int{127, 7}, [2]int{1, 1}, [2]int{127, 7})...), "bad code lengths: 18 more than there are codes"},
		"no code":             {body([2]int{3, 3}, [2]int{0x63, 8}), "a code that stands for nothing"}, // 11000110: symbol 286
		"no code either":      {body([2]int{3, 3}, [2]int{0xe3, 8}), "a code that stands for nothing"}, // 11000111: symbol 287
		"distance":            {body([2]int{3, 3}, [2]int{0x40, 7}, [2]int{0x18, 5}), "a repetition from 4 bytes back, where 0 are written"},
		"no code, in a rush":  {join(body([2]int{3, 3}, [2]int{0x63, 8}), make([]byte, 30)), "at byte 11: a code that stands for nothing"},
		"distance, in a rush": {join(body([2]int{3, 3}, [2]int{0x40, 7}, [2]int{0x18, 5}), make([]byte, 30)), "at byte 11: a repetition from 4 bytes back, where 0 are written"},
		"block cut":           {good[:13], "at byte 13: it is truncated"},
		"trailer cut":         {good[:len(good)-1], "it is truncated"},
		"CRC":                 {change(-5, 0), "the content's CRC-32 is"},
		"length":              {change(-4, 9), "the content's length is 7, the trailer says 9"},
		"limit":               {pack(t, make([]byte, 1001), 6), "more than the limit of 1000 bytes comes out"},
		"garbage":             {join(good, []byte("garbage")), "what follows the last member is neither a member nor zeros"},
		"second member":       {join(good, good[:4]), "it is truncated"},
	} {
		t.Run(name, func(t *testing.T) {
			var d Decoder
			_, err := d.Gzip(nil, c.src, 1000)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "broken gzip at byte ") || !fault.Is(err, fault.Invalid) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestWhatTheLibraryRefuses holds the exceptions that the package comment names.
func TestWhatTheLibraryRefuses(t *testing.T) {
	good := pack(t, []byte("content"), 6)
	named := join(good[:3], []byte{withName | withComment}, good[4:10], bytes.Repeat([]byte("n"), 600), []byte{0}, bytes.Repeat([]byte("c"), 600), []byte{0}, good[10:])
	for name, src := range map[string][]byte{"zeros at the end": join(good, make([]byte, 700)), "long texts": named} {
		var d Decoder
		if got, err := d.Gzip(nil, src, 100); err != nil || string(got) != "content" {
			t.Errorf("%s: %v, %q", name, err, got)
		}
		if _, err := library(src, 100); err == nil {
			t.Errorf("%s: the library reads it now: the package comment and allowed say it does not", name)
		}
	}
}

// TestWhatCameOutUntilThen: a reader can use what lies before the damage.
func TestWhatCameOutUntilThen(t *testing.T) {
	var d Decoder
	content := trail(200_000, 8)
	src := pack(t, content, 6)
	got, err := d.Gzip(nil, src[:len(src)*9/10], 1<<20)
	if err == nil || len(got) < len(content)*8/10 || !bytes.HasPrefix(content, got) {
		t.Errorf("%v: %d of %d bytes", err, len(got), len(content))
	}
}
