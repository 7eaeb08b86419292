package baseline

import (
	"cmp"
	"slices"
	"time"

	"jobzero/internal/detect/baseline/sketch"
)

// window is how many hours back it is remembered in which something was seen.
const window = 32

// seen is when something was seen, in hours since 1970.
type seen struct {
	first, last uint32
	count       uint32 // in how many hours
	recent      uint32 // a bit for each of the last hours, the lowest for the last one
}

// in reports whether the hour is counted, or too old to be.
func (s *seen) in(hour uint32) bool {
	if s.count == 0 || hour > s.last {
		return false
	}
	return s.last-hour >= window || s.recent>>(s.last-hour)&1 == 1
}

// touch notes an hour.
func (s *seen) touch(hour uint32) {
	if s.count == 0 {
		*s = seen{hour, hour, 1, 1}
		return
	}
	s.first = min(s.first, hour)
	if s.in(hour) {
		return
	}
	if hour > s.last {
		s.recent = uint32(uint64(s.recent) << min(hour-s.last, window)) //nolint:gosec // what falls out is old
		s.last = hour
	}
	s.recent |= 1 << (s.last - hour)
	s.count++
}

func (s *seen) pack(w *sketch.Writer) {
	for _, x := range []uint32{s.first, s.last, s.count, s.recent} {
		w.Uint(uint64(x))
	}
}

func (s *seen) unpack(r *sketch.Reader) {
	*s = seen{r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32()}
	if s.last < s.first || s.last > latest || s.count > 0 && s.recent&1 == 0 {
		r.Fail("hours that cannot be")
	}
}

// value is one value of a trait, known by its hash.
type value struct {
	hash uint64
	seen
}

// values are sorted by hash.
type values []value

func (v values) find(hash uint64) (int, bool) {
	lo, hi := 0, len(v)
	for lo < hi {
		if mid := (lo + hi) / 2; v[mid].hash < hash {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(v) && v[lo].hash == hash
}

// insert puts a new value where find says. Of more than so many values the one unseen longest makes room: crowded.
func (v *values) insert(at int, hash uint64, hour uint32, most int) (crowded bool) {
	if len(*v) >= most {
		old, _ := v.find(v.oldest().hash)
		*v = slices.Delete(*v, old, old+1)
		at, _ = v.find(hash)
		crowded = true
	}
	n := value{hash: hash}
	n.touch(hour)
	*v = slices.Insert(*v, at, n)
	return crowded
}

func (v values) oldest() value {
	return slices.MinFunc(v, func(a, b value) int { return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(a.hash, b.hash)) })
}

// upTo is how many hours a value that was seen in count hours, or in fewer, can be expected in, of all hours so far: those of
// what was seen as rarely, and by Good and Turing for all that was never seen as many as there are values seen once.
func (v values) upTo(count uint32, since uint32) (hours float64) {
	for i := range v {
		if v[i].last < since {
			continue
		}
		if v[i].count == 1 {
			hours++
		}
		if v[i].count <= count {
			hours += float64(v[i].count)
		}
	}
	return hours
}

func (v values) pack(w *sketch.Writer) {
	w.Uint(uint64(len(v)))
	for i := range v {
		w.Fixed(v[i].hash)
		v[i].seen.pack(w)
	}
}

func (v *values) unpack(r *sketch.Reader, most int) {
	*v = nil
	for range r.Count(most) {
		var n value
		n.hash = r.Fixed()
		n.seen.unpack(r)
		if k := len(*v); k > 0 && (*v)[k-1].hash >= n.hash || n.count == 0 {
			r.Fail("values out of order")
		}
		*v = append(*v, n)
	}
}

// earliest and latest are the hours that can be: from 2006, when AWS began, to 2106.
const (
	earliest = 36 * 8766
	latest   = 136 * 8766
)

// hourOf is the hour of a time, false when it cannot be.
func hourOf(at time.Time) (uint32, bool) {
	h := at.Unix() / 3600
	if h < earliest || h > latest {
		return 0, false
	}
	return uint32(h), true
}

func hours(d time.Duration) uint32 { return uint32(min(max(d/time.Hour, 1), latest)) }

// back is an hour so much before another.
func back(hour, by uint32) uint32 { return hour - min(hour, by) }

func clock(hour uint32) time.Time { return time.Unix(int64(hour)*3600, 0).UTC() }

func date(hour uint32) string { return clock(hour).Format(time.DateOnly) }
