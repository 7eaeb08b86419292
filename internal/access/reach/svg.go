package reach

import (
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
	nameLong, wordLong = 31, 27 // characters that fit
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
	for _, l := range p.Lines {
		l.word(&b, at)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// arrange places boxes: each layer is a column, in the order of where its boxes come from.
func (p Picture) arrange() [][2]int {
	layers := map[int][]int{}
	deep, most := 0, 1
	for _, x := range p.Boxes {
		layers[x.Layer] = append(layers[x.Layer], x.ID)
		deep = max(deep, x.Layer)
	}
	for _, list := range layers {
		most = max(most, len(list))
	}
	from := make([][]int, len(p.Boxes))
	for _, l := range p.Lines {
		from[l.To] = append(from[l.To], l.From)
	}
	at := make([][2]int, len(p.Boxes))
	for layer := range deep + 1 {
		list := layers[layer]
		mean := func(id int) float64 {
			sum := 0.0
			for _, f := range from[id] {
				sum += float64(at[f][1])
			}
			return sum / float64(max(1, len(from[id])))
		}
		slices.SortStableFunc(list, func(a, b int) int {
			switch x, y := mean(a), mean(b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		top := head + margin/2 + (most-len(list))*(boxHigh+gapHigh)/2
		for i, id := range list {
			at[id] = [2]int{margin + layer*(boxWide+gapWide), top + i*(boxHigh+gapHigh)}
		}
	}
	return at
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

// word writes what a line is, before the box that it leads to.
func (l Line) word(b *strings.Builder, at [][2]int) {
	if l.Method == "" {
		return
	}
	_, _, x2, y2 := l.ends(at)
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="11" text-anchor="end" fill="#334155" stroke="#fff" stroke-width="3" paint-order="stroke">%s</text>`+"\n",
		x2-12, y2-6, escaped(short(l.Method, wordLong)))
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
