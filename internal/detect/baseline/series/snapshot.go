package series

import (
	"math"

	"jobzero/internal/detect/baseline/sketch"
	"jobzero/internal/fault"
)

// version begins a snapshot; another layout gets another one.
const version = 1

// Snapshot is the detector's state as bytes.
func (d *Detector) Snapshot() []byte {
	var w sketch.Writer
	w.Uint(version)
	w.Uint(d.n)
	for _, x := range []float64{
		d.level.value, d.level.weight, d.recent.value, d.recent.weight, d.off.value, d.off.weight, d.standing,
	} {
		w.Fixed(math.Float64bits(x))
	}
	for _, s := range d.day {
		w.Uint(uint64(s.seen))
		w.Fixed(math.Float64bits(s.usual))
	}
	for _, m := range []*measure{&d.spike, &d.shift, &d.odd} {
		m.sizes.Pack(&w)
	}
	return w.Bytes
}

// Restore is the detector of a snapshot. An error is fault.Invalid.
func Restore(snapshot []byte) (*Detector, error) {
	r := sketch.NewReader(snapshot)
	if r.Uint() != version {
		return nil, fault.New(fault.Invalid, "not a snapshot of a series that this version can read")
	}
	d := &Detector{n: r.Uint()}
	for _, x := range []*float64{
		&d.level.value, &d.level.weight, &d.recent.value, &d.recent.weight, &d.off.value, &d.off.weight, &d.standing,
	} {
		*x = number(r)
	}
	for i := range d.day {
		d.day[i] = slot{seen: r.Uint32(), usual: number(r)}
	}
	for _, m := range []*measure{&d.spike, &d.shift, &d.odd} {
		m.sizes.Unpack(r)
	}
	if r.Err() == nil && !r.Empty() {
		r.Fail("more than a series")
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

func number(r *sketch.Reader) float64 {
	x := math.Float64frombits(r.Fixed())
	if math.IsNaN(x) || math.IsInf(x, 0) {
		r.Fail("not a number")
		return 0
	}
	return x
}
