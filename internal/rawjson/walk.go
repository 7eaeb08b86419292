package rawjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// MaxDepth is how deep a record may nest; AWS's own stay under twenty.
const MaxDepth = 200

// SyntaxError says what is wrong with a value, and at which of its bytes.
type SyntaxError struct {
	Offset int
	Text   string
}

// Error gives the text and the place.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Text, e.Offset) }

// Object checks that b is one JSON object by the letter of RFC 8259 (valid UTF-8, nesting up to MaxDepth, nothing after it) and
// calls visit for each member. Whatever visit returns ends the walk. The key and value are only lent.
func Object(b []byte, visit func(key []byte, v Value) error) error {
	w := walker{b: b}
	if err := w.begin(); err != nil {
		return err
	}
	if w.at() != '{' {
		return w.wrong("want an object")
	}
	if err := w.members(visit); err != nil {
		return err
	}
	return w.end()
}

// Array checks that b is one JSON array, as Object does, and calls visit for each element.
func Array(b []byte, visit func(v Value) error) error {
	w := walker{b: b}
	if err := w.begin(); err != nil {
		return err
	}
	if w.at() != '[' {
		return w.wrong("want an array")
	}
	if err := w.elements(visit); err != nil {
		return err
	}
	return w.end()
}

// End gives the index behind the value that begins at b[i], -1 when it is none. Whether it is UTF-8 it does not say: Object does.
func End(b []byte, i int) int {
	w := walker{b: b, pos: i}
	if w.value() != nil {
		return -1
	}
	return w.pos
}

// walker is a place in a value in memory.
type walker struct {
	b     []byte
	pos   int
	depth int
}

func (w *walker) begin() error {
	if !utf8.Valid(w.b) {
		return &SyntaxError{Offset: badRune(w.b), Text: "invalid UTF-8"}
	}
	w.space()
	return nil
}

func badRune(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

func (w *walker) wrong(format string, args ...any) error {
	return &SyntaxError{Offset: w.pos, Text: fmt.Sprintf(format, args...)}
}

// at is the byte here, 0 at the end (a real NUL is wrong wherever at is used).
func (w *walker) at() byte {
	if w.pos < len(w.b) {
		return w.b[w.pos]
	}
	return 0
}

func (w *walker) space() {
	for w.pos < len(w.b) {
		switch w.b[w.pos] {
		case ' ', '\t', '\n', '\r':
			w.pos++
		default:
			return
		}
	}
}

func (w *walker) end() error {
	w.space()
	if w.pos < len(w.b) {
		return w.wrong("something follows the value")
	}
	return nil
}

func (w *walker) down() error {
	if w.depth++; w.depth > MaxDepth {
		return w.wrong("nested deeper than %d levels", MaxDepth)
	}
	w.pos++
	w.space()
	return nil
}

// members walks an object from its opening brace to behind its closing one.
func (w *walker) members(visit func([]byte, Value) error) error {
	if err := w.down(); err != nil {
		return err
	}
	for first := true; ; first = false {
		if w.at() == '}' && first {
			break
		}
		if w.at() != '"' {
			return w.wrong("want a member's name in quotes")
		}
		start := w.pos
		if err := w.text(); err != nil {
			return err
		}
		name := w.b[start:w.pos]
		w.space()
		if w.at() != ':' {
			return w.wrong("want a colon")
		}
		w.pos++
		w.space()
		start = w.pos
		if err := w.value(); err != nil {
			return err
		}
		if visit != nil {
			if err := visit(plain(name), w.b[start:w.pos]); err != nil {
				return err
			}
		}
		w.space()
		if w.at() == '}' {
			break
		}
		if w.at() != ',' {
			return w.wrong("want a comma or a closing brace")
		}
		w.pos++
		w.space()
	}
	w.pos++
	w.depth--
	return nil
}

// elements walks an array from its opening bracket to behind its closing one.
func (w *walker) elements(visit func(Value) error) error {
	if err := w.down(); err != nil {
		return err
	}
	for first := true; ; first = false {
		if w.at() == ']' && first {
			break
		}
		start := w.pos
		if err := w.value(); err != nil {
			return err
		}
		if visit != nil {
			if err := visit(w.b[start:w.pos]); err != nil {
				return err
			}
		}
		w.space()
		if w.at() == ']' {
			break
		}
		if w.at() != ',' {
			return w.wrong("want a comma or a closing bracket")
		}
		w.pos++
		w.space()
	}
	w.pos++
	w.depth--
	return nil
}

// plain is the content of a checked string as bytes: lent from q where nothing is escaped, so that names cost nothing.
func plain(q []byte) []byte {
	if bytes.IndexByte(q, '\\') >= 0 {
		return []byte(unquote(q))
	}
	return q[1 : len(q)-1]
}

// unquote is the content of a string that has been checked. Without escapes it costs one copy.
func unquote(q []byte) string {
	if bytes.IndexByte(q, '\\') >= 0 {
		var s string
		_ = json.Unmarshal(q, &s) // checked before: it is a valid string
		return s
	}
	return string(q[1 : len(q)-1])
}

// requote writes a text as a string in the shortest way that the standard library knows.
func requote(s string) []byte {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return nil // a text always encodes
	}
	return bytes.TrimSuffix(line.Bytes(), []byte("\n"))
}
