package sketch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"jobzero/internal/detect/baseline/sketch"
)

// TestTail: sizes of a known law come out about as likely as they are, in what was seen and somewhat beyond;
// rather too likely, as the tail is taken to be a long one.
func TestTail(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var exponential, pareto sketch.Histogram
	for range 100_000 {
		exponential.Add(random.ExpFloat64())
		pareto.Add(math.Pow(random.Float64(), -0.5)) // P(X > x) = 1/x²
	}
	for _, x := range []float64{0.1, 1, 3, 6, 9} {
		if got, want := exponential.Tail(x), math.Exp(-x); got < want/2 || got > want*4 {
			t.Errorf("exponential beyond %v: %.2g, want about %.2g", x, got, want)
		}
	}
	for _, x := range []float64{1.5, 5, 50, 300} {
		if got, want := pareto.Tail(x), 1/(x*x); got < want/2 || got > want*4 {
			t.Errorf("Pareto beyond %v: %.2g, want about %.2g", x, got, want)
		}
	}
	if got := exponential.Quantile(0.5); math.Abs(got-math.Ln2) > 0.03 {
		t.Errorf("the median is %.3f", got)
	}
}

// TestTailOfLittle: a short history makes nothing certain.
func TestTailOfLittle(t *testing.T) {
	var h sketch.Histogram
	if h.Tail(1e9) != 1 {
		t.Error("an empty histogram has an opinion")
	}
	for range 9 {
		h.Add(0)
	}
	if got := h.Tail(1e9); got < 0.04 {
		t.Errorf("after nine zeros a size has the chance %.3f", got)
	}
	for _, x := range []float64{math.NaN(), math.Inf(-1), -1, 0} {
		if h.Tail(x) != 1 {
			t.Errorf("%v is unusual", x)
		}
	}
	h.Add(math.Inf(1))
	if h.N() != 10 {
		t.Error("a size was lost")
	}
}

// TestTailFalls: a larger size is never more likely, whatever was seen.
func TestTailFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h sketch.Histogram
		for _, x := range rapid.SliceOf(rapid.Float64Range(0, 1e6)).Draw(t, "sizes") {
			h.Add(x)
		}
		a, b := rapid.Float64Range(0, 1e7).Draw(t, "a"), rapid.Float64Range(0, 1e7).Draw(t, "b")
		if small, large := h.Tail(min(a, b)), h.Tail(max(a, b)); large > small*1.0000001 {
			t.Fatalf("%v has %v, %v has %v", min(a, b), small, max(a, b), large)
		}
	})
}

// TestTailMeets: where counting ends and the assumed tail begins, one size after the other is not more likely.
func TestTailMeets(t *testing.T) {
	for n := 1; n <= 300; n++ {
		var h sketch.Histogram
		for i := range n {
			h.Add(7.5 + float64(i%3))
		}
		last := 1.0
		for x := 1.0; x < 100; x *= 1.02 {
			got := h.Tail(x)
			if got > last*1.0000001 {
				t.Fatalf("of %d sizes, beyond %.2f: %v, and beyond a smaller one %v", n, x, got, last)
			}
			last = got
		}
	}
}

// TestDistinct: exact while few, near while many, and neither order nor repetition matters.
func TestDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 24, 25, 100, 1000, 100_000} {
		var forth, back sketch.Distinct
		for i := range n {
			forth.Add(sketch.Hash(fmt.Sprint("thing ", i)))
			forth.Add(sketch.Hash(fmt.Sprint("thing ", i/2)))
			back.Add(sketch.Hash(fmt.Sprint("thing ", n-1-i)))
		}
		off := math.Abs(forth.Count()-float64(n)) / math.Max(1, float64(n))
		if n <= 24 && off > 0 || off > 0.2 {
			t.Errorf("%d things count as %v", n, forth.Count())
		}
		if pack(&forth) != pack(&back) {
			t.Errorf("%d things: the order matters", n)
		}
		if forth.Bytes() > 256 {
			t.Errorf("%d things take %d bytes", n, forth.Bytes())
		}
	}
}

func pack(p interface{ Pack(w *sketch.Writer) }) string {
	var w sketch.Writer
	p.Pack(&w)
	return string(w.Bytes)
}

// TestMoments: they follow what is new, and a prior counts until there is something to know.
func TestMoments(t *testing.T) {
	var m sketch.Moments
	prior := sketch.Moments{N: 100, Mean: 5, Variance: 4}
	if got := m.Toward(prior, 10); got.Mean != 5 || got.Variance != 4 {
		t.Errorf("nothing, toward a prior: %+v", got)
	}
	for i := range 1000 {
		m.Add(float64(i%3), 50)
	}
	if math.Abs(float64(m.Mean)-1) > 0.1 || math.Abs(float64(m.Variance)-2.0/3) > 0.1 || m.N != 50 {
		t.Errorf("0, 1, 2 … : %+v", m)
	}
	for range 200 {
		m.Add(9, 50)
	}
	if m.Mean < 8.8 {
		t.Errorf("the old still counts: %+v", m)
	}
	if got := m.Toward(prior, 10); got.Mean >= m.Mean || got.Mean < 8 {
		t.Errorf("much, toward a prior: %+v", got)
	}
}

// TestBytes: what is packed comes back, and what is cut off does not.
func TestBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h, h2 sketch.Histogram
		var d, d2 sketch.Distinct
		var m, m2 sketch.Moments
		for _, x := range rapid.SliceOf(rapid.Float64Range(0, 1e9)).Draw(t, "numbers") {
			h.Add(x)
			d.Add(math.Float64bits(x) * 0x9e3779b97f4a7c15)
			m.Add(x, 20)
		}
		var w sketch.Writer
		h.Pack(&w)
		d.Pack(&w)
		m.Pack(&w)
		read := func(b []byte) error {
			r := sketch.NewReader(b)
			h2.Unpack(r)
			d2.Unpack(r)
			m2.Unpack(r)
			return r.Err()
		}
		if err := read(w.Bytes[:rapid.IntRange(0, len(w.Bytes)-1).Draw(t, "cut")]); err == nil {
			t.Fatal("a part was taken for the whole")
		}
		if err := read(w.Bytes); err != nil || pack(&h) != pack(&h2) || pack(&d) != pack(&d2) || m != m2 || h.N() != h2.N() {
			t.Fatalf("it came back otherwise: %v", err)
		}
	})
}

func BenchmarkTail(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var h sketch.Histogram
	for range 100_000 {
		h.Add(random.ExpFloat64())
	}
	for b.Loop() {
		h.Tail(12)
	}
}
