package series

import (
	"math"
	"time"

	"jobzero/internal/detect/baseline/sketch"
)

// The time scales of a detector, in values. They are the same for every series.
const (
	levelHalf  = 288  // the level forgets half of what was so many values ago: a day of 5-minute values
	recentHalf = 12   // so does what is called recent: an hour of them
	memoryHalf = 300  // a surprise stands in the way of lesser ones, which tell nothing new, for about so long
	slots      = 96   // of a day, 15 minutes each
	slotShare  = 0.3  // how much of a slot's usual value its newest value decides
	slotReady  = 6    // values that a slot needs before it says what is usual
	warm       = 100  // sizes that a measure must have seen before it judges
	agreement  = 0.1  // how much the other measures' surprise adds to that of the most surprised
	farthest   = 1e15 // a level never moves further than that in one step: what is larger is a fault of the meter
)

// measure is one way in which a value can be unusual, with all sizes that it had so far.
type measure struct{ sizes sketch.Histogram }

// surprise is how unlikely a size is after those before it, in powers of ten; then the size is learnt.
func (m *measure) surprise(size float64) (s float64) {
	if m.sizes.N() >= warm {
		s = -math.Log10(m.sizes.Tail(size))
	}
	m.sizes.Add(size)
	return s
}

// mean forgets with a half-life; until then it is the plain mean.
type mean struct{ value, weight float64 }

func (m *mean) add(x, half float64) {
	share := 1 - math.Exp2(-1/half)
	m.weight += share * (1 - m.weight)
	m.value += share / m.weight * (x - m.value)
}

// slot is the usual value at one time of day (the seasonal part of Holt and Winters, without a trend).
type slot struct {
	usual float64
	seen  uint32
}

// Detector learns one series and judges each value by those before it. It is an ensemble of three measures: how far the value
// is from the level (spikes), how far the recent mean is (shifts), and how far values have lately been from what is usual at
// the time of day (season). The sizes of each are kept, and one is surprising as far as it goes beyond them. The zero value is
// ready.
type Detector struct {
	level, recent, off mean
	day                [slots]slot
	spike, shift, odd  measure
	standing           float64 // the largest surprise so far, fading
	n                  uint64
}

// Verdict is what is thought of one value.
type Verdict struct {
	Value  float64
	Score  float64 // zero unless the surprise is larger than those that still stand; 3 is one in a thousand
	Spike  float64 // surprise at the distance from the level, in powers of ten
	Shift  float64 // … at the distance of the recent mean from the level
	Season float64 // … at how far values have been from what is usual at their time of day
	Level  float64 // what the value is compared with
	Recent float64
	Usual  float64 // at this time of day; NaN while that is not known
	Seen   uint64  // values before this one
}

// Take judges a value, then learns it. A value that is no number is no news, and is not learnt.
func (d *Detector) Take(at time.Time, value float64) Verdict {
	v := Verdict{Value: value, Level: d.level.value, Recent: d.recent.value, Usual: math.NaN(), Seen: d.n}
	if math.IsNaN(value) || math.Abs(value) > farthest {
		return v
	}
	if d.n > 0 {
		v.Spike = d.spike.surprise(math.Abs(value - d.level.value))
	}
	s := &d.day[slotOf(at)]
	if s.seen >= slotReady {
		v.Usual = s.usual
		d.off.add(value-s.usual, recentHalf)
		v.Season = d.odd.surprise(math.Abs(d.off.value))
	}
	if s.seen < math.MaxUint32 {
		s.seen++
	}
	s.usual += max(slotShare, 1/float64(s.seen)) * (value - s.usual)
	d.level.add(value, levelHalf)
	d.recent.add(value, recentHalf)
	v.Level, v.Recent = d.level.value, d.recent.value
	v.Shift = d.shift.surprise(math.Abs(d.recent.value - d.level.value))
	d.n++
	surprise := max(v.Spike, v.Shift, v.Season) + agreement*(v.Spike+v.Shift+v.Season)
	if surprise > d.standing {
		v.Score = surprise
	}
	d.standing = max(d.standing*math.Exp2(-1.0/memoryHalf), surprise)
	return v
}

func slotOf(at time.Time) int {
	at = at.UTC()
	return (at.Hour()*60 + at.Minute()) * slots / (24 * 60)
}
