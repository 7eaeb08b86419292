package access

import (
	"slices"

	"jobzero/internal/policy"
)

// consent is how far a layer, or several together, allow a call. It is small, because most decisions need many.
type consent struct {
	truth   policy.Truth
	by      seats    // of Yes: the statements that allow
	lacks   layers   // of No: who should have
	unknown []string // of Maybe: what it hangs on
}

// seats are numbers of noted statements, as bits; layers are numbers of layers.
type (
	seats  uint32
	layers uint8
)

// and is the consent of two that both have to agree.
func (a consent) and(b consent) consent {
	switch {
	case a.truth == policy.No:
		return a
	case b.truth == policy.No:
		return b
	case a.truth == policy.Yes && b.truth == policy.Yes:
		return consent{truth: policy.Yes, by: a.by | b.by}
	}
	return consent{truth: policy.Maybe, unknown: joined(a.unknown, b.unknown)}
}

// or is the consent of two of which one is enough.
func (a consent) or(b consent) consent {
	switch {
	case a.truth == policy.Yes:
		return a
	case b.truth == policy.Yes:
		return b
	case a.truth == policy.No && b.truth == policy.No:
		return consent{lacks: a.lacks | b.lacks}
	}
	return consent{truth: policy.Maybe, unknown: joined(a.unknown, b.unknown)}
}

// maxUnknown bounds what a decision hangs on: a policy may have thousands of conditions, and nobody reads as many.
const maxUnknown = 64

// joined has each text once, and never writes into either list.
func joined(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	a = a[:len(a):len(a)]
	for _, x := range b {
		if len(a) < maxUnknown && !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// maxSeats is how many statements that allow are noted of one decision. An organisation has at most seven levels, and a caller one boundary.
const maxSeats = 20

// seat notes a statement that allows.
func (d *decider) seat(by Reason) seats {
	if d.taken == maxSeats {
		return 0
	}
	d.noted[d.taken] = by
	d.taken++
	return 1 << (d.taken - 1)
}

// reasons are the statements of seats, in the order in which they were asked.
func (d *decider) reasons(s seats) (out []Reason) {
	for i := range d.taken {
		if s&(1<<i) != 0 {
			out = append(out, d.noted[i])
		}
	}
	return out
}

// order is that in which AWS asks the layers.
var order = [...]Layer{LayerSCP, LayerRCP, LayerEndpoint, LayerResource, LayerIdentity, LayerBoundary, LayerSession}

func only(l Layer) layers {
	for i, o := range order {
		if o == l {
			return 1 << i
		}
	}
	return 0
}

func (l layers) list() (out []Layer) {
	for i, o := range order {
		if l&(1<<i) != 0 {
			out = append(out, o)
		}
	}
	return out
}
