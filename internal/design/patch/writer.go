package patch

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"jobzero/internal/doc"
)

// writer knows the text that a tree was read from.
type writer struct {
	text  []byte
	root  *doc.Node
	lines []int
}

// offset is where a line and column are; columns count characters.
func (w *writer) offset(line, col int) int {
	if line < 1 || line > len(w.lines) {
		return len(w.text)
	}
	at := w.lines[line-1]
	if line == 1 {
		at += len(w.text) - len(bytes.TrimPrefix(w.text, []byte("\xef\xbb\xbf")))
	}
	for ; col > 1 && at < len(w.text); col-- {
		_, size := utf8.DecodeRune(w.text[at:])
		at += size
	}
	return at
}

func (w *writer) json() bool {
	t := bytes.TrimLeft(bytes.TrimPrefix(w.text, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(t) > 0 && t[0] == '{' && bytes.IndexByte(t, '"') >= 0 && bytes.TrimLeft(t[1:], " \t\r\n")[0] == '"'
}

func (w *writer) newline() string {
	if bytes.Contains(w.text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// brace is the offset behind the { of a map that has members, or -1 when it is written as a block.
func (w *writer) brace(of *doc.Node) int {
	first := w.offset(of.Pairs[0].Key.Line, of.Pairs[0].Key.Col)
	for i := first - 1; i >= 0; i-- {
		switch w.text[i] {
		case ' ', '\t', '\r', '\n':
		case '{':
			line := w.text[bytes.LastIndexByte(w.text[:i], '\n')+1 : i]
			if !w.json() && bytes.Contains(line, []byte("#")) {
				return -1 // in a comment, most likely; what is written then is read again
			}
			return i + 1
		default:
			return -1
		}
	}
	return -1
}

// add puts a member into a map that has others. key is the key of the map itself.
func (w *writer) add(key, to *doc.Node, p pair) (edit, error) {
	first := to.Pairs[0].Key
	if at := w.brace(to); at >= 0 {
		gap := string(w.text[at:w.offset(first.Line, first.Col)])
		text := gap + quoted(p.key, w.json()) + ": " + flow(p.value, w.json()) + ","
		if gap == "" && !w.json() {
			text += " "
		}
		return edit{at, at, text}, nil
	}
	if w.json() {
		return edit{}, to.Errorf("this map is not understood: change it by hand")
	}
	// Right below the line of its key, so that a comment stays with the member that it is about; a resource begins with its type.
	text := block(p, first.Col-1, w.newline())
	switch {
	case key != nil && key.Line < first.Line:
		return w.below(key.Line, text), nil
	case first.Text == "Type":
		return w.below(to.Get("Type").Line, text), nil
	}
	return edit{}, to.Errorf("this map is not understood: change it by hand")
}

// fill gives an empty map, or nothing at all, its first member.
func (w *writer) fill(key, to *doc.Node, p pair) (edit, error) {
	at := w.offset(to.Line, to.Col)
	if to.Kind == doc.Map && at < len(w.text) && w.text[at] == '{' {
		end := bytes.IndexByte(w.text[at:], '}')
		if end < 0 || strings.TrimSpace(string(w.text[at+1:at+end])) != "" {
			return edit{}, to.Errorf("this map is not understood: change it by hand")
		}
		return edit{at, at + end + 1, flow([]pair{p}, w.json())}, nil
	}
	if key == nil || to.Kind != doc.Null || w.json() || key.Line > len(w.lines) {
		return edit{}, to.Errorf("this value is not understood: change it by hand")
	}
	_, after, _ := strings.Cut(string(w.text[w.lines[key.Line-1]:w.end(key.Line)]), ":")
	if after = strings.TrimSpace(after); after != "" && !strings.HasPrefix(after, "#") {
		return edit{}, to.Errorf("this value is not understood: change it by hand")
	}
	return w.below(key.Line, block(p, key.Col-1+2, w.newline())), nil
}

// end is the offset of the end of a line, without what ends it.
func (w *writer) end(line int) int {
	end := len(w.text)
	if line < len(w.lines) {
		end = w.lines[line] - 1
	}
	if end > 0 && w.text[end-1] == '\r' {
		end--
	}
	return end
}

// below puts lines below a line.
func (w *writer) below(line int, text string) edit {
	if line < len(w.lines) {
		return edit{w.lines[line], w.lines[line], text}
	}
	return edit{len(w.text), len(w.text), w.newline() + strings.TrimSuffix(text, w.newline())}
}

// replace puts a value in the place of a plain one.
func (w *writer) replace(key, old *doc.Node, v any) (edit, error) {
	from := w.offset(old.Line, old.Col)
	if key == nil || from >= len(w.text) || old.Kind == doc.Null {
		return edit{}, old.Errorf("this value is not understood: change it by hand")
	}
	to, ok := w.scalarEnd(from)
	if !ok {
		return edit{}, old.Errorf("this value goes over several lines: change it by hand")
	}
	return edit{from, to, flow(v, w.json())}, nil
}

// scalarEnd is where a value on one line ends that begins at an offset.
func (w *writer) scalarEnd(from int) (int, bool) {
	rest := w.text[from:]
	if n := bytes.IndexByte(rest, '\n'); n >= 0 {
		rest = bytes.TrimSuffix(rest[:n], []byte("\r"))
	}
	if len(rest) == 0 || strings.ContainsRune("|>&*!", rune(rest[0])) {
		return 0, false
	}
	if q := rest[0]; q == '"' || q == '\'' {
		for i := 1; i < len(rest); i++ {
			switch {
			case q == '"' && rest[i] == '\\':
				i++
			case rest[i] == q && q == '\'' && i+1 < len(rest) && rest[i+1] == q:
				i++
			case rest[i] == q:
				return from + i + 1, true
			}
		}
		return 0, false
	}
	end := len(rest)
	for _, stop := range []string{" #", ",", "}", "]"} {
		if n := bytes.Index(rest, []byte(stop)); n >= 0 && n < end {
			end = n
		}
	}
	return from + len(bytes.TrimRight(rest[:end], " \t")), true
}
