package series_test

import (
	"cmp"
	"math"
	"slices"
)

// How the Numenta Anomaly Benchmark scores a detector (Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms",
// 2015, and the notes on its windows, threshold and normalising): written from the description.
//
// A detection in a labelled window earns the more the earlier it is, and only the best of a window counts; a window without
// one costs 1. A detection elsewhere costs up to 0.11, the less the closer it follows a window. The first 15 % of a series
// (750 values at most) are not scored. One threshold for all series is chosen so that the sum is best. 0 is a detector that
// never speaks, 100 one that speaks at the very first value of each window and nowhere else.
const (
	earned    = 1.0  // A_TP of the standard profile
	missed    = 1.0  // A_FN
	crying    = 0.11 // A_FP
	probation = 0.15
	longest   = 5000 // values of which the probation is a part at most
	farBehind = 3.0  // windows behind the last one, where a detection is all wrong
)

// labelled is a series with its windows, as indices of first and last value.
type labelled struct {
	name    string
	windows [][2]int
	scores  []float64
}

// worth is the scoring curve: near 1 at -1, the left edge of a window, 0 at its right edge, near -1 one width behind it.
func worth(position float64) float64 {
	if position >= farBehind {
		return -1
	}
	return 2/(1+math.Exp(5*position)) - 1
}

// detection is what one value adds if its score reaches the threshold.
type detection struct {
	score, adds float64
	window      int // over all series; -1 outside
}

// detections are all scored values of a series; its windows are numbered from base.
func (s labelled) detections(base int) (out []detection) {
	skip := min(int(probation*float64(len(s.scores))), int(probation*longest))
	next := 0
	for i, score := range s.scores {
		for next < len(s.windows) && i > s.windows[next][1] {
			next++
		}
		d := detection{score, -crying, -1}
		if next < len(s.windows) && i >= s.windows[next][0] {
			from, to := s.windows[next][0], s.windows[next][1]
			d.adds = earned * worth(-float64(to-i+1)/float64(to-from+1)) / worth(-1)
			d.window = base + next
		} else if next > 0 {
			from, to := s.windows[next-1][0], s.windows[next-1][1]
			d.adds = crying * worth(float64(i-to)/float64(to-from))
		}
		if i >= skip {
			out = append(out, d)
		}
	}
	return out
}

// nab is the score of a detector over all series, and the threshold that it is reached with.
func nab(all []labelled) (score, threshold float64) {
	var points []detection
	windows := 0
	for _, s := range all {
		points = append(points, s.detections(windows)...)
		windows += len(s.windows)
	}
	slices.SortStableFunc(points, func(a, b detection) int { return cmp.Compare(b.score, a.score) })
	got := slices.Repeat([]float64{-missed}, windows)
	null := -missed * float64(windows)
	sum, best := null, null
	threshold = math.Inf(1)
	for i, p := range points {
		switch {
		case p.window < 0:
			sum += p.adds
		case p.adds > got[p.window]:
			sum += p.adds - got[p.window]
			got[p.window] = p.adds
		}
		if last := i+1 == len(points) || points[i+1].score != p.score; last && sum > best {
			best, threshold = sum, p.score
		}
	}
	return 100 * (best - null) / (earned*float64(windows) - null), threshold
}

// raw is what a series earns at a threshold.
func (s labelled) raw(threshold float64) (sum float64) {
	got := slices.Repeat([]float64{-missed}, len(s.windows))
	for _, p := range s.detections(0) {
		switch {
		case p.score < threshold:
		case p.window < 0:
			sum += p.adds
		default:
			got[p.window] = max(got[p.window], p.adds)
		}
	}
	for _, g := range got {
		sum += g
	}
	return sum
}

// gaussian is the benchmark's own windowed Gaussian: a window of 6,400 values that moves by 100, and one less the chance
// of a value as far from its mean on the same side.
func gaussian(values []float64) []float64 {
	const size, step = 6400, 100
	out := make([]float64, len(values))
	mean, deviation, from := 0.0, 1.0, 0
	for i, v := range values {
		if i > 0 {
			out[i] = 1 - 0.5*math.Erfc(math.Abs(v-mean)/deviation/math.Sqrt2)
		}
		switch {
		case i < size:
		case (i-size+1)%step == 0:
			from += step
		default:
			continue
		}
		mean, deviation = fit(values[from : i+1])
	}
	return out
}

func fit(values []float64) (mean, deviation float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		deviation += (v - mean) * (v - mean) / float64(len(values))
	}
	return mean, cmp.Or(math.Sqrt(deviation), 1e-6)
}
