package doc

import (
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// inName stands for a colon inside a name while a text is cut into tokens. No text has it: see clean.
const inName = '\x01'

// tokens cuts a text into tokens. In braces a colon with no space behind it is a part of a plain name, as in {aws:SecureTransport: "false"}
// (YAML 1.2.2, section 7.3.3, ns-plain-char); the library takes it for the end of the name, and all the rest for its value.
func tokens(text string) token.Tokens {
	const most = 16 // colons in one name
	out := lexer.Tokenize(text)
	var masked []byte
	for range most {
		at := wrong(text, out)
		if len(at) == 0 {
			break
		}
		masked = []byte(text)
		for _, i := range at {
			masked[i] = inName
		}
		text = string(masked)
		out = lexer.Tokenize(text)
	}
	if masked == nil {
		return out
	}
	for _, t := range out {
		t.Value = strings.ReplaceAll(t.Value, string(inName), ":")
		t.Origin = strings.ReplaceAll(t.Origin, string(inName), ":")
	}
	return out
}

// wrong finds the colons that end a plain name in braces, though nothing separates them from what follows.
func wrong(text string, all token.Tokens) (out []int) {
	depth, at := 0, cursor{text: text, line: 1, col: 1}
	for i, t := range all {
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.MappingValueType:
			if depth < 1 || i == 0 || all[i-1].Type != token.StringType {
				continue
			}
			if at.to(t.Position) && inside(text, at.byte) {
				out = append(out, at.byte)
			}
		default:
		}
	}
	return out
}

// inside reports whether the colon has a part of a plain name on both sides.
func inside(text string, at int) bool {
	return at > 0 && at+1 < len(text) && !strings.ContainsRune(" \t\n,[]{}\"'", rune(text[at+1])) && !strings.ContainsRune(" \t\n", rune(text[at-1]))
}

// cursor goes through a text once, by lines and columns, which count from 1 and in characters.
type cursor struct {
	text            string
	byte, line, col int
}

// to goes on to a place. False where no colon is there, or the place lies behind: whatever the library counts otherwise is left as it is.
func (c *cursor) to(p *token.Position) bool {
	if p == nil || p.Line < c.line || p.Line == c.line && p.Column < c.col {
		return false
	}
	for c.byte < len(c.text) && (c.line < p.Line || c.col < p.Column) {
		r, size := utf8.DecodeRuneInString(c.text[c.byte:])
		if r == '\n' {
			if c.line == p.Line {
				return false
			}
			c.line, c.col = c.line+1, 0
		}
		c.byte, c.col = c.byte+size, c.col+1
	}
	return c.byte < len(c.text) && c.text[c.byte] == ':'
}
