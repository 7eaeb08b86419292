package digest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// newInt is a number of so many bits.
func newInt(bits uint) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return n.Or(n, big.NewInt(1))
}

// zeros are so many megabytes of them, packed.
func zeros(megabytes int) []byte {
	return bytes.Repeat(digesttest.Pack(make([]byte, 1<<20)), megabytes)
}

// TestBombs: what grows without measure is given up, and told.
func TestBombs(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*world)
		want string
		text string
	}{
		"digest": {func(w *world) { w.Objects[w.digests[4]] = zeros(40) }, "too-large: digest 4", "more than 33554432 bytes come out of it"},
		"log":    {func(w *world) { w.Objects[w.files[4][1]] = zeros(70) }, "too-large: log 4.1", "a decompression bomb?"},
		"a digest deep inside": {func(w *world) {
			w.Objects[w.digests[4]] = digesttest.Pack([]byte(`{"x":` + strings.Repeat("[", 1<<20)))
		}, "digest-broken: digest 4", "nested deeper than 200 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.do(w)
			r := w.report(t)
			if got := w.short(r); !slices.Contains(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
			if !slices.ContainsFunc(r.Problems, func(p digest.Problem) bool { return strings.Contains(p.Text, c.text) && p.Do != "" }) {
				t.Errorf("%+v, want %q", r.Problems, c.text)
			}
		})
	}
}

// long is a world with one log file that has no end in memory.
type long struct {
	*world
	key         string
	size        int64
	start, peak uint64
}

func (l *long) Open(ctx context.Context, key string) (*digest.Content, error) {
	if key != l.key {
		return l.world.Open(ctx, key)
	}
	return &digest.Content{ReadCloser: io.NopCloser(io.LimitReader(l, l.size))}, nil
}

// Read gives zeros, and looks at the heap now and then.
func (l *long) Read(b []byte) (int, error) {
	clear(b)
	if l.size++; l.size%256 == 0 {
		l.peak = max(l.peak, heap())
	}
	return len(b), nil
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestStreams: a log file of a hundred megabytes costs no memory.
func TestStreams(t *testing.T) {
	const size = 100 << 20
	w := newWorld(t)
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(&long{}, size)); err != nil {
		t.Fatal(err)
	}
	key, files := w.trail.Deliver(digesttest.Delivery{Start: at(6), End: at(7), Logs: []string{"{}"}, Mend: func(d map[string]any) {
		d["logFiles"].([]map[string]any)[0]["hashValue"] = hex.EncodeToString(sum.Sum(nil))
	}})
	w.add(key, files)
	l := &long{world: w, key: files[0], size: size, start: heap()}
	var got *digest.Report
	if err := digest.Verify(t.Context(), l, w.o, func(r *digest.Report) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if got.Logs.Verified != 11 || got.Wrong+got.Unknown > 0 {
		t.Errorf("%+v", got)
	}
	if l.peak == 0 || l.peak > l.start+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", l.start, l.peak)
	}
}

// TestManyProblems: all are counted, the first ten thousand are named.
func TestManyProblems(t *testing.T) {
	w := newWorld(t)
	const many = 10_100
	for i := range many {
		w.Objects["AWSLogs/111122223333/CloudTrail/eu-west-1/"+string(rune('a'+i%26))+hex.EncodeToString([]byte{byte(i >> 8), byte(i)})] = nil
	}
	r := w.report(t)
	if r.Logs.Unlisted != many || r.Wrong != many || len(r.Problems) != 10_000 || r.NotNamed != many+1-10_000 {
		t.Errorf("%d unlisted, %d wrong, %d named, %d not", r.Logs.Unlisted, r.Wrong, len(r.Problems), r.NotNamed)
	}
}

// TestAlgorithms: what is hashed or signed in another way is unknown.
func TestAlgorithms(t *testing.T) {
	w := newWorld(t)
	w.add(w.trail.Deliver(digesttest.Delivery{Start: at(6), End: at(7), Logs: []string{"{}"}, Mend: func(d map[string]any) {
		d["logFiles"].([]map[string]any)[0]["hashAlgorithm"] = "SHA-512"
	}}))
	w.add(w.trail.Deliver(digesttest.Delivery{Start: at(7), End: at(8), Mend: func(d map[string]any) { d["digestSignatureAlgorithm"] = "SHA512withRSA" }}))
	if got := strings.Join(w.short(w.report(t)), ", "); got != "algorithm-new: digest 8, algorithm-new: log 7.0, start: digest 1" {
		t.Error(got)
	}
}

// TestLinkWrong: a newest digest that nothing proves, against an older one that its own metadata proves.
func TestLinkWrong(t *testing.T) {
	w := newWorld(t)
	w.Signatures[w.digests[6]] = ""
	text := string(digesttest.Unpack(w.Objects[w.digests[6]]))
	from := strings.Index(text, `"previousDigestHashValue":"`) + 27
	w.rewrite(t, w.digests[6], text[from:from+64], strings.Repeat("0", 64))
	r := w.report(t)
	if got := strings.Join(w.short(r), ", "); got != "link-wrong: digest 6, log-unproven: log 6.0 ×2, signature-absent: digest 6, start: digest 1" {
		t.Error(got)
	}
	if r.Digests.Signed != 5 {
		t.Errorf("%+v", r.Digests)
	}
}
