package sigma

import (
	"strings"
	"unicode/utf8"
)

// pattern is a text with wildcards, compared with the whole of a value.
type pattern struct {
	source   string // as the rule wrote it
	mode     string // contains, startswith, endswith or empty
	segments []segment
	cased    bool
	windash  bool
}

// segment is what stands between two stars. One-character wildcards are runes of anyRune.
type segment struct {
	text  string // set when there is no one-character wildcard
	runes []rune // set otherwise
}

// anyRune stands for a ? wildcard; it is no rune that can occur in a text.
const anyRune rune = -1

func newPattern(source string, m modifiers) *pattern {
	p := &pattern{source: source, mode: m.position, cased: m.cased, windash: m.windash}
	tokens := tokenize(source)
	star := token{star: true}
	if m.position == "contains" || m.position == "endswith" {
		tokens = append([]token{star}, tokens...)
	}
	if m.position == "contains" || m.position == "startswith" {
		tokens = append(tokens, star)
	}
	var runes []rune
	for _, t := range tokens {
		if t.star {
			p.segments = append(p.segments, p.segment(runes))
			runes = nil
			continue
		}
		runes = append(runes, t.r)
	}
	p.segments = append(p.segments, p.segment(runes))
	return p
}

func (p *pattern) segment(runes []rune) segment {
	for _, r := range runes {
		if r == anyRune {
			for i, r := range runes {
				if r != anyRune {
					runes[i], _ = utf8.DecodeRuneInString(p.fold(string(r)))
				}
			}
			return segment{runes: runes}
		}
	}
	return segment{text: p.fold(string(runes))}
}

// fold makes texts comparable: lower case unless the pattern is cased, and one dash for all dashes with windash.
func (p *pattern) fold(s string) string {
	if !p.cased {
		s = strings.ToLower(s)
	}
	if p.windash && strings.ContainsAny(s, "/–—―") {
		s = strings.NewReplacer("/", "-", "–", "-", "—", "-", "―", "-").Replace(s)
	}
	return s
}

// matchText compares with one text.
func (p *pattern) matchText(s string) bool { return p.matchFolded([]byte(p.fold(s))) }

// exact is the text that a value must equal when the pattern has no wildcard.
func (p *pattern) exact() (string, bool) {
	if len(p.segments) != 1 || p.segments[0].runes != nil {
		return "", false
	}
	return p.segments[0].text, true
}

// token is a character of a rule's value after Sigma's escapes.
type token struct {
	r    rune
	star bool
}

// tokenize reads Sigma's escapes: a backslash before *, ? or another backslash takes that character as it is; before
// anything else it is itself.
func tokenize(s string) []token {
	var out []token
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '\\' && i+1 < len(runes) && strings.ContainsRune(`\*?`, runes[i+1]):
			i++
			out = append(out, token{r: runes[i]})
		case r == '*':
			out = append(out, token{star: true})
		case r == '?':
			out = append(out, token{r: anyRune})
		default:
			out = append(out, token{r: r})
		}
	}
	return out
}

func hasWildcard(s string) bool {
	for _, t := range tokenize(s) {
		if t.star || t.r == anyRune {
			return true
		}
	}
	return false
}

// unquote is the text that a value without wildcards means.
func unquote(s string) string {
	var b strings.Builder
	for _, t := range tokenize(s) {
		b.WriteRune(t.r)
	}
	return b.String()
}

// quote writes a text so that tokenize reads it back.
func quote(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(s)
}
