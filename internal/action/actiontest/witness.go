package actiontest

import (
	"slices"

	"jobzero/internal/effect"
	"jobzero/internal/testmoto"
)

// Witness remembers what the cases of a suite have called, so that it can be held against the policies of the roles. The suite runs one case
// after the other.
type Witness struct {
	Read, Wrote []string      // IAM actions, each once
	Planned     []effect.Call // of plans and of their inverses
}

func (w *Witness) saw(c testmoto.Call) {
	if w == nil {
		return
	}
	list := &w.Read
	if c.Key == responderKey {
		list = &w.Wrote
	}
	if p := c.Permission(); !slices.Contains(*list, p) {
		*list = append(*list, p)
	}
}

func (w *Witness) planned(calls []effect.Call) {
	if w != nil {
		w.Planned = append(w.Planned, calls...)
	}
}
