package baseline

import (
	"math"
	"time"

	"jobzero/internal/detect/baseline/sketch"
)

const (
	week     = 7 * 24 // hours
	fraction = 256    // steps of a doubling
)

// rhythm is how many calls a principal makes at each hour of the week, as doublings: 0 for none, 1 for one, 2 for three, 10
// for a thousand. Hours without a call count too.
type rhythm struct {
	usual [2][week]uint16 // reads and writes, in steps of a doubling
	weeks [week]uint8     // how often the hour was seen
	known int             // the sum of weeks
	upTo  uint32          // the last hour that was learnt
}

const rhythmBytes = 2*2*week + week + 16

// doublings is a count on the scale on which it is judged.
func doublings(count uint32) float64 { return math.Log2(1 + float64(count)) }

// slot is the hour of the week, from Monday 00:00 UTC: 1970 began on a Thursday.
func slot(hour uint32) int { return int((hour + 3*24) % week) }

// learn takes an hour with calls, and the hours without before it.
func (r *rhythm) learn(t *tally) {
	if t.hour <= r.upTo {
		return
	}
	if r.upTo != 0 {
		for h := max(r.upTo+1, t.hour-min(t.hour, week)); h < t.hour; h++ {
			r.take(h, [2]uint32{})
		}
	}
	r.take(t.hour, t.calls)
	r.upTo = t.hour
}

func (r *rhythm) take(hour uint32, calls [2]uint32) {
	s := slot(hour)
	if r.weeks[s] < math.MaxUint8 {
		r.weeks[s]++
		r.known++
	}
	const least = 0.2 // a fifth of what is usual is that of last week
	share := max(1/float64(r.weeks[s]), least)
	for c := range r.usual {
		was := float64(r.usual[c][s])
		r.usual[c][s] = uint16(math.Round(was + share*(min(doublings(calls[c]), 200)*fraction-was)))
	}
}

// The weights of what is usual: an hour of the week that was seen only now and then leans on the same hour of other days of
// its kind, working days or the weekend.
const (
	pooled   = 3  // as many weeks as the other days weigh
	rhythmic = 48 // hours that must be known before a principal has a rhythm
)

// expect is how many doublings are usual at an hour, false while there is no telling.
func (r *rhythm) expect(class int, hour uint32) (float64, bool) {
	if r == nil || r.known < rhythmic {
		return 0, false
	}
	s := slot(hour)
	var sum, n float64
	for day := range 7 {
		other := day*24 + s%24
		if (day >= 5) != (s >= 5*24) || r.weeks[other] == 0 {
			continue
		}
		sum += float64(r.usual[class][other])
		n++
	}
	own := float64(r.weeks[s])
	if n == 0 {
		return 0, false // such an hour of such a day never was
	}
	return (own*float64(r.usual[class][s]) + pooled*sum/n) / (own + pooled) / fraction, true
}

// when is an hour of the week in words.
func when(hour uint32) string {
	s := slot(hour)
	return time.Weekday((s/24+1)%7).String() + "s at " + clock(hour).Format("15:00") + " UTC"
}

func (r *rhythm) pack(w *sketch.Writer) {
	w.Uint(uint64(r.upTo))
	for s := range week {
		w.Uint(uint64(r.weeks[s]))
		w.Uint(uint64(r.usual[0][s]))
		w.Uint(uint64(r.usual[1][s]))
	}
}

func (r *rhythm) unpack(in *sketch.Reader) {
	r.upTo = in.Uint32()
	for s := range week {
		weeks, reads, writes := in.Uint32(), in.Uint32(), in.Uint32()
		if weeks > math.MaxUint8 || reads > math.MaxUint16 || writes > math.MaxUint16 || r.upTo > latest {
			in.Fail("a rhythm that cannot be")
			return
		}
		r.known += int(weeks)
		r.weeks[s], r.usual[0][s], r.usual[1][s] = uint8(weeks), uint16(reads), uint16(writes)
	}
}
