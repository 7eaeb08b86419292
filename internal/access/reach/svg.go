package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jobzero/internal/draw"
)

// Sizes of a picture in pixels.
const (
	boxWide, boxHigh   = 216, 46
	gapWide, gapHigh   = 176, 18
	margin, head       = draw.Margin, draw.Head
	nameLong, wordLong = 26, 24 // characters that fit
)

// SVG draws a picture: layers from left to right, a title for each box and line that browsers show. What is perhaps is dashed.
func (p Picture) SVG() []byte {
	at := p.arrange()
	wide, high := draw.Wide(p.Title, p.Facts), head
	for _, xy := range at {
		wide, high = max(wide, xy[0]+boxWide+margin), max(high, xy[1]+boxHigh+margin)
	}
	s := draw.New(p.Title, p.Facts, wide, high)
	for _, l := range p.Lines {
		l.draw(s, at)
	}
	for _, x := range p.Boxes {
		x.draw(s, at[x.ID])
	}
	in, out := map[int]int{}, map[int]int{}
	for _, l := range p.Lines {
		in[l.To]++
		out[l.From]++
	}
	for _, l := range p.Lines {
		l.word(s, at, in[l.To], out[l.From])
	}
	return s.Bytes()
}

// sweeps is how often layers are put into the order of their neighbours, from the left and from the right in turn.
const sweeps = 6

// arrange places boxes: each layer is a column, in which boxes stand near those that they are tied to, so that few lines cross.
func (p Picture) arrange() [][2]int {
	deep := 0
	for _, x := range p.Boxes {
		deep = max(deep, x.Layer)
	}
	layers := make([][]int, deep+1)
	for _, x := range p.Boxes {
		layers[x.Layer] = append(layers[x.Layer], x.ID)
	}
	before, behind := make([][]int, len(p.Boxes)), make([][]int, len(p.Boxes))
	for _, l := range p.Lines {
		before[l.To] = append(before[l.To], l.From)
		behind[l.From] = append(behind[l.From], l.To)
	}
	most := 1
	for _, list := range layers {
		most = max(most, len(list))
	}
	row := make([]float64, len(p.Boxes))
	number := func(list []int) {
		for i, id := range list {
			row[id] = float64(most-len(list))/2 + float64(i)
		}
	}
	for _, list := range layers {
		number(list)
	}
	for n := range sweeps {
		for i := range layers {
			list, near := layers[i], before
			if n%2 == 1 {
				list, near = layers[deep-i], behind
			}
			slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(mean(row, a, near[a]), mean(row, b, near[b])) })
			number(list)
		}
	}
	at := make([][2]int, len(p.Boxes))
	for _, x := range p.Boxes {
		at[x.ID] = [2]int{margin + x.Layer*(boxWide+gapWide), head + margin/2 + int(row[x.ID]*(boxHigh+gapHigh))}
	}
	return at
}

// mean is the middle of the rows of neighbours; of none, its own.
func mean(row []float64, id int, near []int) float64 {
	if len(near) == 0 {
		return row[id]
	}
	sum := 0.0
	for _, n := range near {
		sum += row[n]
	}
	return sum / float64(len(near))
}

// tone is what a box is to whoever looks.
func (x Box) tone() draw.Tone {
	switch x.Kind {
	case "start":
		return draw.Begin
	case "administrator":
		return draw.Danger
	case "rights":
		return draw.Alarm
	case "goal":
		return draw.Goal
	case "others":
		return draw.Faint
	case "user":
		return draw.Good
	}
	return draw.Plain
}

func (x Box) draw(s *draw.Sheet, at [2]int) {
	b := draw.Box{X: at[0], Y: at[1], Wide: boxWide, High: boxHigh, Tone: x.tone(), Dashed: x.Perhaps, Title: x.Name, Name: draw.Short(x.Label, nameLong)}
	if x.Perhaps {
		b.Title += " (perhaps)"
	}
	if x.Below != "" {
		b.Lines = []string{x.Below}
	}
	s.Box(b)
}

// ends are where a line begins and ends: from the right of a box to the left of one, or around it where that lies before.
func (l Line) ends(at [][2]int) (x1, y1, x2, y2 int) {
	a, c := at[l.From], at[l.To]
	return a[0] + boxWide, a[1] + boxHigh/2, c[0], c[1] + boxHigh/2
}

func (l Line) draw(s *draw.Sheet, at [][2]int) {
	x1, y1, x2, y2 := l.ends(at)
	title := l.Title
	if l.Through != "" {
		title += ": " + l.Through
	}
	if len(l.Unknown) > 0 {
		title += "; it hangs on " + strings.Join(l.Unknown, ", ")
	}
	bend := 60
	if x2 <= x1 {
		bend = 140
	}
	s.Line(draw.Line{Path: fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2-1, y2), Tip: true, Dashed: l.Perhaps, Title: title})
}

// word writes what a line is, at the end where fewer lines meet.
func (l Line) word(s *draw.Sheet, at [][2]int, in, out int) {
	if l.Method == "" {
		return
	}
	x1, y1, x2, y2 := l.ends(at)
	x, y, anchor := x2-12, y2-6, "end"
	switch {
	case in > 1 && out == 1:
		x, y, anchor = x1+8, y1-6, "start"
	case in > 1:
		x, y, anchor = (x1+x2)/2, (y1+y2)/2-4, "middle"
	}
	s.Word(x, y, anchor, draw.Short(l.Method, wordLong))
}
