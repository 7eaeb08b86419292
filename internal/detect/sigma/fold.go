package sigma

import (
	"bytes"
	"unicode/utf8"
)

// dashes holds the five dash characters for one when the pattern says so.
func (p *pattern) dashes(text []byte) []byte {
	if !p.windash {
		return text
	}
	return []byte(p.fold(string(text)))
}

// matchFolded compares with one text that was folded as the pattern was. The first segment must stand at the start, the last at
// the end, and those between are looked for from left to right, which finds a match whenever there is one.
func (p *pattern) matchFolded(s []byte) bool {
	n, ok := p.segments[0].prefix(s)
	if !ok {
		return false
	}
	s = s[n:]
	if len(p.segments) == 1 {
		return len(s) == 0
	}
	for i := 1; i < len(p.segments)-1; i++ {
		end := p.segments[i].find(s)
		if end < 0 {
			return false
		}
		s = s[end:]
	}
	return p.segments[len(p.segments)-1].suffix(s)
}

// prefix gives the length of the segment at the start of s.
func (g *segment) prefix(s []byte) (int, bool) {
	if g.runes == nil {
		return len(g.text), len(s) >= len(g.text) && string(s[:len(g.text)]) == g.text
	}
	n := 0
	for _, want := range g.runes {
		if n >= len(s) {
			return 0, false
		}
		r, size := utf8.DecodeRune(s[n:])
		if want != anyRune && want != r {
			return 0, false
		}
		n += size
	}
	return n, true
}

func (g *segment) suffix(s []byte) bool {
	if g.runes == nil {
		return len(s) >= len(g.text) && string(s[len(s)-len(g.text):]) == g.text
	}
	start := len(s)
	for range g.runes {
		if start == 0 {
			return false
		}
		_, size := utf8.DecodeLastRune(s[:start])
		start -= size
	}
	_, ok := g.prefix(s[start:])
	return ok
}

// find gives the end of the leftmost place of the segment in s, or -1.
func (g *segment) find(s []byte) int {
	if g.runes == nil {
		i := bytes.Index(s, []byte(g.text))
		if i < 0 {
			return -1
		}
		return i + len(g.text)
	}
	for i := 0; i < len(s); {
		if n, ok := g.prefix(s[i:]); ok {
			return i + n
		}
		_, size := utf8.DecodeRune(s[i:])
		i += size
	}
	return -1
}
