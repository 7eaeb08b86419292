package detect

import "jobzero/internal/event"

// Join is one engine of several: it gives the matches of the first, then those of the second, and so on.
func Join(engines ...Engine) Engine {
	if len(engines) == 1 {
		return engines[0]
	}
	return joined(engines)
}

type joined []Engine

// Detect asks all.
func (j joined) Detect(r *event.Record) (out []Match) {
	for _, e := range j {
		out = append(out, e.Detect(r)...)
	}
	return out
}
