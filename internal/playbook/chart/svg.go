package chart

import (
	"fmt"
	"strings"

	"jobzero/internal/draw"
	"jobzero/internal/playbook/book"
)

// SVG draws the graph from top to bottom.
func (c Chart) SVG() []byte {
	facts := []string{c.Playbook}
	if c.Run != "" {
		facts = append(facts, "run "+c.Run+": "+c.node(End).State)
	}
	body := c.sequence(c.tree)
	wide := max(draw.Wide(c.Title, facts), body.wide+2*draw.Margin)
	_, guarded := c.at[Guards]
	high := draw.Head + c.node(Begin).boxHigh() + gapHigh + body.high + gapHigh + c.node(End).boxHigh() + draw.Margin
	if guarded {
		high += c.node(Guards).boxHigh() + gapHigh
	}
	legend := high
	if c.Run != "" {
		high += 2*lineHigh + draw.Margin
	}
	p := painter{Chart: c, sheet: draw.New(c.Title, facts, wide, high)}
	at := p.box(c.node(Begin), place{wide / 2, draw.Head})
	if guarded {
		at = p.box(c.node(Guards), p.down(at, gapHigh))
	}
	at = p.sequence(c.tree, at, true)
	p.box(c.node(End), p.down(at, gapHigh))
	if c.Run != "" {
		p.legend(legend)
	}
	return p.sheet.Bytes()
}

// painter draws one graph.
type painter struct {
	Chart
	sheet *draw.Sheet
}

// box draws a node below a place, and gives the middle of its lower edge.
func (p *painter) box(n Node, at place) place {
	title, name := append([]string{n.ID + ": " + n.Words}, n.Besides...), n.ID
	if n.State != "" && n.ID != End && !n.Left {
		name = draw.Short(n.ID, nameLong-len(n.State)-3) + " · " + n.State
	}
	if n.Note != "" {
		title = append(title, n.Note)
	}
	p.sheet.Box(draw.Box{
		X: at.x - boxWide/2, Y: at.y, Wide: boxWide, High: n.boxHigh(), Tone: n.tone(), Dashed: n.Left || n.State == "skipped",
		Title: strings.Join(title, "\n"), Name: draw.Short(name, nameLong), Lines: n.lines(),
	})
	return place{at.x, at.y + n.boxHigh()}
}

// down draws an arrow downwards.
func (p *painter) down(at place, far int) place {
	p.sheet.Line(draw.Line{Path: fmt.Sprintf("M%d %dV%d", at.x, at.y, at.y+far-1), Tip: true})
	return place{at.x, at.y + far}
}

// sequence draws steps below a place, and gives the middle of the lower edge of the last. Joined says that an arrow leads to the first.
func (p *painter) sequence(nodes []*book.Node, at place, joined bool) place {
	for i, n := range nodes {
		if i > 0 || joined {
			at = p.down(at, gapHigh)
		}
		at = p.step(n, at)
	}
	return at
}

func (p *painter) step(n *book.Node, at place) place {
	low := p.box(p.node(n.ID), at)
	switch {
	case len(n.Branches) == 0:
		return low
	case n.Step.Playbook != "":
		return p.framed(n, low)
	}
	return p.branches(n, low)
}

// framed draws the steps of another playbook in a frame.
func (p *painter) framed(n *book.Node, at place) place {
	s := p.Chart.sequence(n.Branches[0])
	top := at.y + gapHigh/2
	p.sheet.Frame(at.x-s.wide/2-frame/2, top, s.wide+frame, s.high+2*frame-4, "playbook "+n.Step.Playbook)
	in := p.down(at, gapHigh/2+frame)
	low, end := p.sequence(n.Branches[0], in, false), at.y+2*frame+s.high+gapHigh
	p.sheet.Line(draw.Line{Path: fmt.Sprintf("M%d %dV%d", low.x, low.y, end)})
	return place{at.x, end}
}

// branches draws the ways from a step side by side, and where they meet again.
func (p *painter) branches(n *book.Node, at place) place {
	all := p.inside(n)
	x, end := at.x-all.wide/2, at.y+all.high
	for i, b := range columns(n) {
		s := p.Chart.sequence(b)
		mid, left, word := x+s.wide/2, p.leaves(n, i), otherwise
		if i < len(n.Branches) {
			word = label(n, i)
		}
		tip, far := true, at.y+labelHigh
		if len(b) == 0 { // straight on
			tip, far = false, end-gapHigh/2
		}
		p.sheet.Line(draw.Line{Path: fmt.Sprintf("M%d %dV%dH%dV%d", at.x, at.y, at.y+10, mid, far-1), Tip: tip, Dashed: left, Faint: left, Title: word})
		for j, l := range draw.Wrapped(word, labelLong, 2) {
			p.sheet.Word(mid, at.y+24+13*j, "middle", l)
		}
		low := place{mid, far}
		if len(b) > 0 {
			low = p.sequence(b, low, false)
		}
		p.sheet.Line(draw.Line{Path: fmt.Sprintf("M%d %dV%dH%dV%d", mid, low.y, end-gapHigh/2, at.x, end), Dashed: left, Faint: left})
		x += s.wide + gapWide
	}
	return place{at.x, end}
}
