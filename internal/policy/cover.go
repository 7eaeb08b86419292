package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadPattern reads a pattern of resources as it stands in a policy of version 2012-10-17.
func ReadPattern(text string) *Pattern { return newPattern(text, true, true) }

// Literal is the pattern that matches one text and nothing else, in the escapes of version 2012-10-17.
func Literal(text string) *Pattern { return ReadPattern(escaped(text)) }

var escapes = strings.NewReplacer("*", "${*}", "?", "${?}", "${", "${$}{")

func escaped(text string) string { return escapes.Replace(text) }

// Vars reports whether it has variables, so that what it matches hangs on who calls.
func (p *Pattern) Vars() bool { return p.vars }

// All reports whether it matches every text.
func (p *Pattern) All() bool { return p.any() }

// Fits reports whether a text matches a pattern without variables. One with variables fits nothing for sure.
func (p *Pattern) Fits(text string) bool { return !p.vars && glob(p.atoms, text) }

// Written is the pattern as a policy of version 2012-10-17 has it, whichever version it was read from.
func (p *Pattern) Written() string {
	if slices.Equal(newPattern(p.text, true, true).atoms, p.atoms) {
		return p.text
	}
	var b strings.Builder
	for _, a := range p.atoms {
		switch a.kind {
		case star:
			b.WriteByte('*')
		case letter:
			b.WriteByte('?')
		case plain, variable: // a policy that was not read for variables has none
			b.WriteString(escaped(a.text))
		}
	}
	return b.String()
}

// lone is the one text that a pattern without wildcards matches.
func (p *Pattern) lone() (string, bool) {
	switch {
	case len(p.atoms) == 0:
		return "", true
	case len(p.atoms) == 1 && p.atoms[0].kind == plain:
		return p.atoms[0].text, true
	}
	return "", false
}

// apart reports whether the text that a pattern begins with is not how the other begins.
func apart(p, other *Pattern) bool {
	if len(p.atoms) == 0 || p.atoms[0].kind != plain || len(other.atoms) == 0 || other.atoms[0].kind != plain {
		return false
	}
	return !strings.HasPrefix(other.atoms[0].text, p.atoms[0].text)
}

// maxCells bounds the work on two patterns. Beyond it they are taken to meet, and neither to cover the other.
const maxCells = 1 << 22

// Covers reports whether all that the other matches is matched by this one, whoever calls. False says no more than that it is not seen.
func (p *Pattern) Covers(other *Pattern) bool {
	switch {
	case p.any() || slices.Equal(p.atoms, other.atoms):
		return true
	case p.vars || other.vars || apart(p, other):
		return false
	}
	if text, ok := other.lone(); ok {
		return glob(p.atoms, text)
	}
	return coversAll(symbolsOf(p), symbolsOf(other))
}

// Meets reports whether there may be a text that both match, whoever calls. False is certain.
func (p *Pattern) Meets(other *Pattern) bool {
	if p.any() || other.any() {
		return true
	}
	if apart(p, other) && apart(other, p) {
		return false
	}
	if text, ok := other.lone(); ok && !p.vars {
		return glob(p.atoms, text)
	}
	a, b := symbolsOf(p), symbolsOf(other)
	if !sameStart(a, b) {
		return false
	}
	if len(a)*len(b) > maxCells {
		return true
	}
	// row[j] says whether the symbols of a so far and the first j of b can stand for the same text.
	row, next := make([]bool, len(b)+1), make([]bool, len(b)+1)
	row[0] = true
	for j := 0; j < len(b) && b[j] == anyText; j++ {
		row[j+1] = true
	}
	for _, x := range a {
		next[0] = row[0] && x == anyText
		for j, y := range b {
			switch {
			case x == anyText || y == anyText:
				next[j+1] = row[j+1] || next[j]
			default:
				next[j+1] = row[j] && (x == y || x == anyLetter || y == anyLetter)
			}
		}
		row, next = next, row
	}
	return row[len(b)]
}

// symbol is a letter of a pattern, or a wildcard. Bytes that are no letter keep their own values above all letters.
type symbol int32

const (
	anyText   symbol = -1
	anyLetter symbol = -2
	noLetter  symbol = utf8.MaxRune + 1
)

// symbolsOf takes a variable for any text.
func symbolsOf(p *Pattern) []symbol {
	out := make([]symbol, 0, len(p.text))
	for _, a := range p.atoms {
		switch a.kind {
		case star, variable:
			out = append(out, anyText)
		case letter:
			out = append(out, anyLetter)
		case plain:
			for s := a.text; s != ""; {
				r, n := utf8.DecodeRuneInString(s)
				x := symbol(r)
				if r == utf8.RuneError && n == 1 {
					x = noLetter + symbol(s[0])
				}
				out, s = append(out, x), s[n:]
			}
		}
	}
	return out
}

// sameStart compares what stands before the first wildcard of either.
func sameStart(a, b []symbol) bool {
	for i := range min(len(a), len(b)) {
		if a[i] < 0 || b[i] < 0 {
			return true
		}
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// coversAll matches the symbols of one pattern as if they were a text: a star takes any of them, a ? all but a star.
func coversAll(p, text []symbol) bool {
	if len(p)*len(text) > maxCells {
		return false
	}
	next, at, back, from := 0, 0, -1, 0
	for at < len(text) {
		switch {
		case next < len(p) && p[next] == anyText:
			next++
			back, from = next, at
		case next < len(p) && (p[next] == text[at] && text[at] != anyText || p[next] == anyLetter && text[at] != anyText):
			next++
			at++
		case back >= 0:
			from++
			next, at = back, from
		default:
			return false
		}
	}
	for next < len(p) && p[next] == anyText {
		next++
	}
	return next == len(p)
}
