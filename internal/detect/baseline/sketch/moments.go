package sketch

import "math"

// Moments is the mean and spread of numbers, the newer ones weighing more: each counts half as much after so many others.
type Moments struct {
	N        float32 // how many, weighed
	Mean     float32
	Variance float32
}

// Add takes a number; memory is about how many numbers are remembered. The order of numbers makes a difference only beyond.
func (m *Moments) Add(x, memory float64) {
	n := min(float64(m.N)+1, memory)
	d := x - float64(m.Mean)
	m.Mean += float32(d / n)
	m.Variance += float32((d*(x-float64(m.Mean)) - float64(m.Variance)) / n)
	m.N = float32(n)
}

// Toward is the moments with a prior mixed in that weighs as much as so many numbers.
func (m Moments) Toward(prior Moments, weight float64) Moments {
	if prior.N == 0 {
		return m
	}
	w := float32(weight)
	n := m.N + w
	mean := (m.N*m.Mean + w*prior.Mean) / n
	between := (m.N*(m.Mean-mean)*(m.Mean-mean) + w*(prior.Mean-mean)*(prior.Mean-mean)) / n
	return Moments{n, mean, (m.N*m.Variance+w*prior.Variance)/n + between}
}

// Sigmas is how many standard deviations x lies above the mean; floor is the least variance that is believed.
func (m Moments) Sigmas(x, floor float64) float64 {
	return (x - float64(m.Mean)) / math.Sqrt(max(float64(m.Variance), 0)+floor)
}

// Pack appends its bytes.
func (m *Moments) Pack(w *Writer) {
	w.Float(m.N)
	w.Float(m.Mean)
	w.Float(m.Variance)
}

// Unpack reads what Pack wrote.
func (m *Moments) Unpack(r *Reader) {
	m.N, m.Mean, m.Variance = r.Float(), r.Float(), r.Float()
}
