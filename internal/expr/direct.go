package expr

import (
	"slices"
	"sync"

	"cel.dev/cel-go/common/types"
)

// The direct road evaluates an expression on Go's own values, without CEL: a sweep asks the same few hundred expressions of a million
// resources. It goes as far as it is sure of what CEL would say. Where an expression fails, or meets what is rare, it is lost, and
// CEL evaluates the expression from its beginning: errors, limits and corner cases are CEL's alone, and what the direct road gives is
// what CEL gives. See docs/adr/0015.

// move is a part of an expression on the direct road. It gives nil, bool, int64, float64, string, time.Time, time.Duration,
// []any, map[string]any, a Gap for what is not known, missing, or lost.
type move func(f *frame) any

// missing is the error that a map has no such key: the one that is met every day.
type missing string

// frame is one evaluation.
type frame struct {
	in     *Input
	locals []any // by the slots that the paver gave to the names of macros
	args   []any // of the calls of our functions that are being made, a stack
	left   int   // of maxMoves
}

// maxMoves is how long the direct road is, in units that are no smaller than CEL's: what takes longer is left to CEL, which has limits and
// says so.
const maxMoves = maxCost / 4

// lost is what a move gives that cannot go on.
var lost any = &struct{ what string }{"lost"}

// spend takes from what is left, and reports whether that was enough.
func (f *frame) spend(cost int) bool {
	f.left -= cost
	return f.left >= 0
}

// direct gives a value, or false when the direct road does not lead to it. A function that panics is lost too: CEL makes an error of it.
func (c code) direct(in *Input) (out any, ok bool) {
	if c.road == nil || in.err != nil {
		return nil, false
	}
	defer func() {
		if recover() != nil {
			out, ok = nil, false
		}
	}()
	f := frames.Get().(*frame) //nolint:forcetypeassert // nothing else is in it
	f.in, f.left = in, maxMoves
	for len(f.locals) < c.slots {
		f.locals = append(f.locals, nil)
	}
	out = c.road(f)
	clear(f.locals)
	f.in = nil
	frames.Put(f)
	return out, out != lost
}

var frames = sync.Pool{New: func() any { return &frame{} }}

// ended reports whether a value is the end of whatever is made of it.
func ended(v any) bool {
	_, is := v.(missing)
	return is || v == lost
}

// merged is what two values are together of which one is a gap, or both are; nil when none is.
func merged(a, b any) any {
	g, isGap := a.(Gap)
	h, both := b.(Gap)
	switch {
	case isGap && both:
		return Gap{types.MergeUnknowns(g.unknown, h.unknown)}
	case isGap:
		return g
	case both:
		return h
	}
	return nil
}

// gapped reports whether a map may have other keys than it has.
func gapped(m map[string]any) bool {
	for _, v := range m {
		if _, ok := v.(Gap); ok {
			return true
		}
	}
	return false
}

// keys gives the keys of a map in order, as values.
func keys(m map[string]any) []any {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return values(names)
}
