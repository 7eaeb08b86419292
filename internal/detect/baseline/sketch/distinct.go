package sketch

import (
	"math"
	"math/bits"
	"slices"
)

// The sizes of a Distinct: exact up to few things, after that 256 registers that are off by about seven in a hundred.
const (
	exact     = 24
	registers = 256
)

// Distinct counts different things by their hashes (HyperLogLog, Flajolet and others 2007; exact while they are few). Neither
// order nor repetition makes a difference. The zero value is empty.
type Distinct struct {
	few  []uint64 // sorted
	many *[registers]uint8
}

// Add takes the hash of a thing.
func (d *Distinct) Add(hash uint64) {
	if d.many != nil {
		d.register(hash)
		return
	}
	i, known := slices.BinarySearch(d.few, hash)
	switch {
	case known:
	case len(d.few) < exact:
		d.few = slices.Insert(d.few, i, hash)
	default:
		d.many = new([registers]uint8)
		for _, h := range d.few {
			d.register(h)
		}
		d.register(hash)
		d.few = nil
	}
}

func (d *Distinct) register(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash|registers-1) + 1) //nolint:gosec // 57 at most
	at := hash % registers
	d.many[at] = max(d.many[at], rank)
}

// Count is how many different things there were.
func (d *Distinct) Count() float64 {
	if d.many == nil {
		return float64(len(d.few))
	}
	sum, empty := 0.0, 0
	for _, rank := range d.many {
		sum += math.Exp2(-float64(rank))
		if rank == 0 {
			empty++
		}
	}
	const m = registers
	count := 0.7213 / (1 + 1.079/m) * m * m / sum
	if count < 2.5*m && empty > 0 {
		count = m * math.Log(m/float64(empty)) // linear counting is better while registers are empty
	}
	return math.Round(count)
}

// Bytes is about how much memory it takes beyond its own struct.
func (d *Distinct) Bytes() int {
	if d.many != nil {
		return registers
	}
	return 8 * cap(d.few)
}

// Pack appends its bytes.
func (d *Distinct) Pack(w *Writer) {
	if d.many != nil {
		w.Uint(exact + 1)
		w.Raw(d.many[:])
		return
	}
	w.Uint(uint64(len(d.few)))
	for _, h := range d.few {
		w.Fixed(h)
	}
}

// Unpack reads what Pack wrote.
func (d *Distinct) Unpack(r *Reader) {
	*d = Distinct{}
	size := r.Count(exact + 1)
	if size > exact {
		d.many = new([registers]uint8)
		copy(d.many[:], r.Raw(registers))
		return
	}
	for range size {
		h := r.Fixed()
		if n := len(d.few); n > 0 && d.few[n-1] >= h {
			r.Fail("hashes out of order")
			return
		}
		d.few = append(d.few, h)
	}
}

// Hash is the same for the same text on every machine and in every version: it may be kept.
func Hash(text string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a …
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd // … and the end of MurmurHash3, so that every bit counts
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
