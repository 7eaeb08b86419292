package draw

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Margin is what is left free around a picture, and Head what its title and two facts need above it.
const (
	Margin = 28
	Head   = 84
)

// Sheet is a picture while it is being drawn. Make one with New.
type Sheet struct{ text strings.Builder }

// Wide is how wide a picture has to be for its title and facts.
func Wide(title string, facts []string) int {
	wide := 640
	for _, text := range append([]string{title}, facts...) {
		wide = max(wide, 2*Margin+utf8.RuneCountInString(text)*8)
	}
	return wide
}

// New begins a picture of a size in pixels, with a title and facts at its head.
func New(title string, facts []string, wide, high int) *Sheet {
	s := &Sheet{}
	fmt.Fprintf(&s.text, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" role="img">`, wide, high, wide, high)
	s.text.WriteString("\n<title>" + escaped(title) + "</title>\n" + style() +
		`<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>` + "\n")
	fmt.Fprintf(&s.text, `<rect width="%d" height="%d" class="page"/>`+"\n", wide, high)
	fmt.Fprintf(&s.text, `<text x="%d" y="30" font-size="16" font-weight="600" class="ink">%s</text>`+"\n", Margin, escaped(title))
	for i, fact := range facts {
		fmt.Fprintf(&s.text, `<text x="%d" y="%d" class="soft">%s</text>`+"\n", Margin, 50+18*i, escaped(fact))
	}
	return s
}

// Box is a rectangle with words in it.
type Box struct {
	X, Y, Wide, High int
	Tone             Tone
	Dashed           bool
	Title            string   // browsers show it over the box
	Name             string   // the first line; already cut to what fits
	Lines            []string // below it, smaller
}

// Box draws one.
func (s *Sheet) Box(b Box) {
	fmt.Fprintf(&s.text, `<g><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" rx="7" class="%s"%s/>`,
		escaped(b.Title), b.X, b.Y, b.Wide, b.High, b.Tone, dash(b.Dashed))
	y := b.Y + b.High/2 + 4 - 8*len(b.Lines)
	fmt.Fprintf(&s.text, `<text x="%d" y="%d" font-weight="600" class="ink">%s</text>`, b.X+10, y, escaped(b.Name))
	for i, l := range b.Lines {
		fmt.Fprintf(&s.text, `<text x="%d" y="%d" font-size="11" class="soft">%s</text>`, b.X+10, y+17+15*i, escaped(l))
	}
	s.text.WriteString("</g>\n")
}

// Frame draws an empty rectangle around other things, with a word at its upper edge.
func (s *Sheet) Frame(x, y, wide, high int, word string) {
	fmt.Fprintf(&s.text, `<rect x="%d" y="%d" width="%d" height="%d" rx="9" class="frame"/><text x="%d" y="%d" font-size="11" class="soft">%s</text>`+"\n",
		x, y, wide, high, x+10, y+15, escaped(word))
}

// Line is a way between two places.
type Line struct {
	Path   string // as SVG writes it, such as M10 10V20
	Tip    bool   // an arrow at its end
	Dashed bool
	Faint  bool
	Title  string
}

// Line draws one.
func (s *Sheet) Line(l Line) {
	class, tip := "line", ""
	if l.Faint {
		class = "line faint-line"
	}
	if l.Tip {
		tip = ` marker-end="url(#tip)"`
	}
	fmt.Fprintf(&s.text, `<g><title>%s</title><path d="%s" class="%s"%s%s/></g>`+"\n", escaped(l.Title), escaped(l.Path), class, tip, dash(l.Dashed))
}

// Word writes a word beside a line. Anchor is start, middle or end.
func (s *Sheet) Word(x, y int, anchor, word string) {
	fmt.Fprintf(&s.text, `<text x="%d" y="%d" font-size="11" text-anchor="%s" class="word">%s</text>`+"\n", x, y, escaped(anchor), escaped(word))
}

// Swatch draws a small box with what its tone means beside it.
func (s *Sheet) Swatch(x, y int, t Tone, dashed bool, word string) {
	fmt.Fprintf(&s.text, `<rect x="%d" y="%d" width="14" height="14" rx="3" class="%s"%s/><text x="%d" y="%d" font-size="11" class="soft">%s</text>`+"\n",
		x, y, t, dash(dashed), x+20, y+11, escaped(word))
}

// Bytes ends the picture.
func (s *Sheet) Bytes() []byte { return []byte(s.text.String() + "</svg>\n") }

func dash(is bool) string {
	if is {
		return ` stroke-dasharray="5 4"`
	}
	return ""
}

// Short cuts the middle out of a long text.
func Short(text string, long int) string {
	r := []rune(text)
	if len(r) <= long {
		return text
	}
	return string(r[:long/2]) + "…" + string(r[len(r)-long+long/2+1:])
}

// Wrapped breaks a text into lines of so many characters at the most, and into so many lines: what is more is cut off, and shown to be.
func Wrapped(text string, long, lines int) (out []string) {
	line := ""
	for _, w := range strings.Fields(text) {
		w = Short(w, long)
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > long {
			out, line = append(out, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		out = append(out, line)
	}
	if len(out) > lines {
		last := []rune(out[lines-1])
		out = append(out[:lines-1:lines-1], string(last[:min(len(last), long-1)])+"…")
	}
	return out
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
