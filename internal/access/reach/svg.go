package reach

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes of a picture in pixels.
const (
	boxWide, boxHigh   = 216, 46
	gapWide, gapHigh   = 176, 18
	margin, head       = 28, 84
	nameLong, wordLong = 26, 24 // characters that fit
)

// SVG draws a picture: layers from left to right, a title for each box and line that browsers show, no script. What is perhaps is dashed.
func (p Picture) SVG() []byte {
	at := p.arrange()
	wide, high := 640, head
	for _, xy := range at {
		wide, high = max(wide, xy[0]+boxWide+margin), max(high, xy[1]+boxHigh+margin)
	}
	for _, text := range append([]string{p.Title}, p.Facts...) {
		wide = max(wide, 2*margin+utf8.RuneCountInString(text)*8)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" role="img">`, wide, high, wide, high)
	b.WriteString("\n<title>" + escaped(p.Title) + "</title>\n")
	b.WriteString(`<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", wide, high)
	fmt.Fprintf(&b, `<text x="%d" y="30" font-size="16" font-weight="600" fill="#0f172a">%s</text>`+"\n", margin, escaped(p.Title))
	for i, fact := range p.Facts {
		fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#475569">%s</text>`+"\n", margin, 50+18*i, escaped(fact))
	}
	for _, l := range p.Lines {
		l.draw(&b, at)
	}
	for _, x := range p.Boxes {
		x.draw(&b, at[x.ID])
	}
	in, out := map[int]int{}, map[int]int{}
	for _, l := range p.Lines {
		in[l.To]++
		out[l.From]++
	}
	for _, l := range p.Lines {
		l.word(&b, at, in[l.To], out[l.From])
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
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

// colours of a box: its ground and its border.
func (x Box) colours() (ground, border string) {
	switch x.Kind {
	case "start":
		return "#dbeafe", "#2563eb"
	case "administrator":
		return "#fee2e2", "#dc2626"
	case "rights":
		return "#ffedd5", "#ea580c"
	case "goal":
		return "#fef9c3", "#ca8a04"
	case "others":
		return "#f8fafc", "#cbd5e1"
	case "user":
		return "#ecfdf5", "#059669"
	}
	return "#f1f5f9", "#64748b"
}

func (x Box) draw(b *strings.Builder, at [2]int) {
	ground, border := x.colours()
	dash, title := "", x.Name
	if x.Perhaps {
		dash, title = ` stroke-dasharray="5 4"`, title+" (perhaps)"
	}
	fmt.Fprintf(b, `<g><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" rx="7" fill="%s" stroke="%s"%s/>`, escaped(title), at[0], at[1], boxWide, boxHigh, ground, border, dash)
	y := at[1] + 19
	if x.Below == "" {
		y = at[1] + 28
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" font-weight="600" fill="#0f172a">%s</text>`, at[0]+10, y, escaped(short(x.Label, nameLong)))
	if x.Below != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="11" fill="#475569">%s</text>`, at[0]+10, at[1]+36, escaped(x.Below))
	}
	b.WriteString("</g>\n")
}

// ends are where a line begins and ends: from the right of a box to the left of one, or around it where that lies before.
func (l Line) ends(at [][2]int) (x1, y1, x2, y2 int) {
	a, c := at[l.From], at[l.To]
	return a[0] + boxWide, a[1] + boxHigh/2, c[0], c[1] + boxHigh/2
}

func (l Line) draw(b *strings.Builder, at [][2]int) {
	x1, y1, x2, y2 := l.ends(at)
	dash, title := "", l.Title
	if l.Perhaps {
		dash = ` stroke-dasharray="5 4"`
	}
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
	fmt.Fprintf(b, `<g><title>%s</title><path d="M%d %dC%d %d %d %d %d %d" fill="none" stroke="#64748b" stroke-width="1.4" marker-end="url(#tip)"%s/></g>`+"\n",
		escaped(title), x1, y1, x1+bend, y1, x2-bend, y2, x2-1, y2, dash)
}

// word writes what a line is, at the end where fewer lines meet.
func (l Line) word(b *strings.Builder, at [][2]int, in, out int) {
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
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="11" text-anchor="%s" fill="#334155" stroke="#fff" stroke-width="3" paint-order="stroke">%s</text>`+"\n",
		x, y, anchor, escaped(short(l.Method, wordLong)))
}

// short cuts the middle out of a long text.
func short(text string, long int) string {
	r := []rune(text)
	if len(r) <= long {
		return text
	}
	return string(r[:long/2]) + "…" + string(r[len(r)-long+long/2+1:])
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
