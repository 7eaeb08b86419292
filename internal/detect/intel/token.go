package intel

import (
	"fmt"
	"strings"
)

// tokens reads the words of a STIX pattern one by one.
type tokens struct {
	rest string
	now  token
	err  error
}

// token is one word of a pattern.
type token struct {
	kind tokenKind
	text string // of a string without quotes and escapes; of words as written
}

type tokenKind uint8

const (
	tokenEnd  tokenKind = iota
	tokenMark           // brackets, commas and operators
	tokenWord           // keywords, numbers
	tokenText           // 'a string'
	tokenPath           // file:hashes.MD5
	tokenOdd            // t'…', h'…' and b'…'
)

// next goes on to the next token.
func (t *tokens) next() {
	t.rest = strings.TrimLeft(t.rest, " \t\r\n")
	if t.rest == "" {
		t.now = token{}
		return
	}
	for _, mark := range []string{"!=", "<>", "<=", ">=", "[", "]", "(", ")", ",", "=", "<", ">"} {
		if strings.HasPrefix(t.rest, mark) {
			t.now, t.rest = token{tokenMark, mark}, t.rest[len(mark):]
			return
		}
	}
	if t.rest[0] == '\'' {
		t.now = token{tokenText, t.quoted()}
		return
	}
	t.word()
}

// quoted reads a string and its escapes; section 9.3 knows \' and \\.
func (t *tokens) quoted() string {
	var b strings.Builder
	for i := 1; i < len(t.rest); i++ {
		switch c := t.rest[i]; {
		case c == '\'':
			t.rest = t.rest[i+1:]
			return b.String()
		case c == '\\' && i+1 < len(t.rest):
			i++
			b.WriteByte(t.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	t.rest, t.err = "", fmt.Errorf("a string in the pattern is not closed")
	return ""
}

// word reads a keyword, a number or the path of a property. Quotes and brackets in a path belong to it.
func (t *tokens) word() {
	i, path := 0, false
	for i < len(t.rest) {
		c := t.rest[i]
		if c == '\'' {
			if !path { // such as t'2026-03-02T09:00:00Z'
				kind := t.rest[:i]
				t.rest = t.rest[i:]
				t.now = token{tokenOdd, kind + t.quoted()}
				return
			}
			end := strings.IndexByte(t.rest[i+1:], '\'')
			if end < 0 {
				t.rest, t.err = "", fmt.Errorf("a name in the pattern is not closed")
				return
			}
			i += end + 2
			continue
		}
		if c == '[' && path {
			end := strings.IndexByte(t.rest[i:], ']')
			if end < 0 {
				t.rest, t.err = "", fmt.Errorf("a bracket in the pattern is not closed")
				return
			}
			i += end + 1
			continue
		}
		if strings.IndexByte(" \t\r\n[](),=<>!", c) >= 0 {
			break
		}
		path = path || c == ':'
		i++
	}
	if i == 0 {
		t.err = fmt.Errorf("%.20q cannot be read in a pattern", t.rest)
		t.rest, t.now = "", token{}
		return
	}
	kind := tokenWord
	if path {
		kind = tokenPath
	}
	t.now, t.rest = token{kind, t.rest[:i]}, t.rest[i:]
}

// is reports whether the token is this mark or keyword, in any case.
func (t *tokens) is(text string) bool {
	return (t.now.kind == tokenMark || t.now.kind == tokenWord) && strings.EqualFold(t.now.text, text)
}

// take goes on when the token is this one.
func (t *tokens) take(text string) bool {
	if !t.is(text) {
		return false
	}
	t.next()
	return true
}
