package chart

import (
	"jobzero/internal/draw"
	"jobzero/internal/playbook/book"
)

// Sizes in pixels, and characters that fit.
const (
	boxWide             = 264
	nameLong, wordsLong = 32, 40 // at 12 and 11 pixels in a box
	labelLong           = 38
	lineHigh            = 15
	gapHigh, gapWide    = 30, 26
	labelHigh           = 60 // room for a condition above a branch
	frame               = 22 // around the steps of another playbook
)

// size is how much room something takes. What is in it stands around its middle.
type size struct{ wide, high int }

// place is where the middle of an upper edge is.
type place struct{ x, y int }

// lines are the words of a node that are shown.
func (n Node) lines() []string {
	most := 3
	if n.ID == Guards {
		most = 8
	}
	out := draw.Wrapped(n.Words, wordsLong, most)
	for _, b := range n.Besides {
		out = append(out, draw.Wrapped(b, wordsLong, 2)...)
	}
	return out
}

// boxHigh is the height of a node's box.
func (n Node) boxHigh() int { return 32 + lineHigh*len(n.lines()) }

// columns are the branches of a node, with an empty one where a decision may take none.
func columns(n *book.Node) [][]*book.Node {
	if n.Step.Decide != nil && !elses(n) {
		return append(n.Branches[:len(n.Branches):len(n.Branches)], nil)
	}
	return n.Branches
}

// sequence is the room of steps one after the other.
func (c Chart) sequence(nodes []*book.Node) size {
	out := size{wide: boxWide}
	for i, n := range nodes {
		s := c.step(n)
		out.wide = max(out.wide, s.wide)
		out.high += s.high
		if i > 0 {
			out.high += gapHigh
		}
	}
	return out
}

// step is the room of one step with all in it.
func (c Chart) step(n *book.Node) size {
	out := size{boxWide, c.node(n.ID).boxHigh()}
	if len(n.Branches) == 0 {
		return out
	}
	inside := c.inside(n)
	return size{max(out.wide, inside.wide), out.high + inside.high}
}

// inside is the room of the branches of a step side by side, with the way to them and back.
func (c Chart) inside(n *book.Node) (out size) {
	for i, b := range columns(n) {
		s := c.sequence(b)
		out.high = max(out.high, s.high)
		out.wide += s.wide
		if i > 0 {
			out.wide += gapWide
		}
	}
	if n.Step.Playbook != "" {
		return size{out.wide + 2*frame, out.high + 2*frame + gapHigh}
	}
	return size{out.wide, out.high + labelHigh + gapHigh}
}
