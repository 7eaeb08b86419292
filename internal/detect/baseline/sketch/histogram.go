package sketch

import "math"

// The buckets of a histogram: a sixteenth of a doubling each, over all sizes that anything here has.
const (
	perDoubling = 16
	lowest      = -40 * perDoubling
	highest     = 60 * perDoubling
	most        = 1 << 30 // counts are halved before they reach it
)

// What is assumed about sizes that were never seen: how far the largest hundredth goes beyond where it begins. The assumption
// weighs as much as ten sizes, so that a short history promises little and a long one decides by itself.
const (
	tailPart   = 0.01
	tailLength = perDoubling / 2
	tailWeight = 10
)

// Histogram counts sizes, zero and up, in buckets of equal ratio: no size is off by more than three in a hundred. The zero
// value is empty. The order of the sizes makes no difference.
type Histogram struct {
	n     uint64
	zero  uint32
	first int // bucket of counts[0]
	count []uint32
}

func bucket(x float64) int {
	return min(max(int(math.Floor(math.Log2(x)*perDoubling)), lowest), highest-1)
}

// Add counts a size. What is negative or no number counts as zero.
func (h *Histogram) Add(x float64) {
	if h.n >= most {
		h.Halve()
	}
	h.n++
	if !(x > 0) {
		h.zero++
		return
	}
	b := bucket(x)
	switch {
	case len(h.count) == 0:
		h.first, h.count = b, make([]uint32, 1, 16)
	case b < h.first:
		h.count = append(make([]uint32, h.first-b, h.first-b+len(h.count)), h.count...)
		h.first = b
	case b >= h.first+len(h.count):
		h.count = append(h.count, make([]uint32, b-h.first-len(h.count)+1)...)
	}
	h.count[b-h.first]++
}

// Halve forgets half of everything, so that what is new weighs more than what is old.
func (h *Histogram) Halve() {
	h.zero /= 2
	h.n = uint64(h.zero)
	for i := range h.count {
		h.count[i] /= 2
		h.n += uint64(h.count[i])
	}
}

// N is how many sizes were counted.
func (h *Histogram) N() uint64 { return h.n }

// Bytes is about how much memory the histogram takes beyond its own struct.
func (h *Histogram) Bytes() int { return 4 * cap(h.count) }

// Tail is how likely a size of at least x is. Up to where the largest hundredth begins it is counted; beyond that sizes are
// taken to thin out by the same part with each doubling (a Pareto tail), at the rate that they did so far.
func (h *Histogram) Tail(x float64) float64 {
	if !(x > 0) || h.n == 0 {
		return 1
	}
	if len(h.count) == 0 {
		return h.chance(0) // nothing but zeros: more than that is all that can be said of x
	}
	b := bucket(x)
	var above, excess float64 // those at or above the bucket where the tail begins, and how far beyond it they go
	start := len(h.count)
	for start > 0 && above < tailPart*float64(h.n) {
		start--
		above += float64(h.count[start])
		excess += above
	}
	excess -= above / 2
	if b <= h.first+start {
		return h.chance(h.atLeast(b))
	}
	mean := (excess + tailWeight*tailLength) / (above + tailWeight)
	return h.chance(above) * math.Exp(-float64(b-h.first-start)/mean)
}

// chance is how likely it is to be among those that so many of the sizes seen are: half a size more on either side, so that it
// is never said to be none. Where the tail begins, what is counted and what is assumed meet in it.
func (h *Histogram) chance(so float64) float64 { return (so + 0.5) / (float64(h.n) + 1) }

func (h *Histogram) atLeast(b int) (sum float64) {
	for i := max(0, b-h.first); i < len(h.count); i++ {
		sum += float64(h.count[i])
	}
	return sum
}

// Quantile is the size below which the part q of all sizes is.
func (h *Histogram) Quantile(q float64) float64 {
	left := q*float64(h.n) - float64(h.zero)
	if left <= 0 {
		return 0
	}
	for i, c := range h.count {
		if left -= float64(c); left <= 0 {
			return math.Exp2((float64(h.first+i) + 0.5) / perDoubling)
		}
	}
	return math.Exp2(float64(h.first+len(h.count)) / perDoubling)
}

// Pack appends the histogram's bytes.
func (h *Histogram) Pack(w *Writer) {
	w.Uint(uint64(h.zero))
	w.Int(int64(h.first))
	w.Uint(uint64(len(h.count)))
	for _, c := range h.count {
		w.Uint(uint64(c))
	}
}

// Unpack reads what Pack wrote.
func (h *Histogram) Unpack(r *Reader) {
	*h = Histogram{zero: r.Uint32()}
	h.first = int(r.Int())
	h.n = uint64(h.zero)
	size := r.Count(highest - lowest)
	if h.first < lowest || h.first+size > highest {
		r.Fail("a histogram that reaches too far")
		return
	}
	for range size {
		c := r.Uint32()
		h.n += uint64(c)
		h.count = append(h.count, c)
	}
	if h.n > most {
		r.Fail("a histogram that counts too much")
	}
}
