package doc

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// slab is how many nodes are made at once.
const slab = 256

// isJSON reports whether a text is JSON, or has to be.
func isJSON(name string, data []byte) bool {
	if strings.HasSuffix(name, ".json") {
		return true
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	start := bytes.TrimLeft(data, " \t\r\n")
	return len(start) > 0 && start[0] == '{' && json.Valid(data)
}

// jsonReader makes a tree of a JSON text that is known to be valid, many times faster than by way of YAML.
type jsonReader struct {
	part *part
	text string
	at   int // the next byte
	left int // nodes
	free []Node
	line int // of the byte at done
	col  int // of the byte at done, in letters
	done int // the bytes that line and col have seen
}

// jsonTree reads a JSON text.
func jsonTree(name string, data []byte, nodes int) ([]*Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !json.Valid(data) || !utf8.Valid(data) {
		if err := strictJSON(name, data); err != nil {
			return nil, err
		}
		_, err := clean(name, data) // says which byte is no text
		return nil, err
	}
	r := &jsonReader{text: string(data), left: nodes, line: 1, col: 1}
	r.part = &part{name: name, text: r.text, tree: &tree{max: nodes}}
	n, err := r.value(0)
	if err != nil {
		return nil, err
	}
	return []*Node{n}, nil
}

// value reads the next value.
func (r *jsonReader) value(depth int) (*Node, error) {
	n := r.node()
	switch {
	case r.left < 0:
		return nil, n.Errorf("more than %d values", r.part.tree.max)
	case depth > MaxDepth:
		return nil, n.Errorf("more than %d levels of nesting", MaxDepth)
	}
	switch r.text[r.at] {
	case '{':
		return n, r.object(n, depth)
	case '[':
		return n, r.list(n, depth)
	case '"':
		n.Kind, n.Text = String, r.quoted()
	case 't', 'f':
		n.Kind, n.Text = Bool, r.word()
	case 'n':
		r.word()
	default:
		n.Kind, n.Text = Number, r.word()
	}
	return n, nil
}

func (r *jsonReader) object(n *Node, depth int) error {
	n.Kind = Map
	r.at++
	var seen map[string]bool
	for r.next() != '}' {
		key := r.node()
		key.Kind, key.Text = String, r.quoted()
		if len(n.Pairs) == 8 { // few keys are compared one by one
			seen = make(map[string]bool, 16)
			for _, p := range n.Pairs {
				seen[p.Key.Text] = true
			}
		}
		if seen == nil && n.Get(key.Text) != nil || seen[key.Text] {
			return key.Errorf("the key %q is there already", key.Text)
		}
		if seen != nil {
			seen[key.Text] = true
		}
		r.next() // the colon is white space to it
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Pairs = append(n.Pairs, Pair{key, v})
	}
	r.at++
	if len(n.Pairs) > 0 { // as in YAML, a map is where its first key is
		n.Line, n.Col = n.Pairs[0].Key.Line, n.Pairs[0].Key.Col
	}
	return nil
}

func (r *jsonReader) list(n *Node, depth int) error {
	n.Kind = List
	r.at++
	for r.next() != ']' {
		v, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, v)
	}
	r.at++
	return nil
}

// next skips what stands between values, and gives the byte behind it.
func (r *jsonReader) next() byte {
	for {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			r.at++
		default:
			return c
		}
	}
}

// word reads a number, true, false or null.
func (r *jsonReader) word() string {
	start := r.at
	for r.at < len(r.text) && !strings.ContainsRune(" \t\r\n,:]}", rune(r.text[r.at])) {
		r.at++
	}
	return r.text[start:r.at]
}

// quoted reads a text.
func (r *jsonReader) quoted() string {
	start := r.at
	escaped := false
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	if !escaped {
		return r.text[start+1 : r.at-1]
	}
	var s string
	_ = json.Unmarshal([]byte(r.text[start:r.at]), &s) // it is valid
	return s
}

// node makes a node with the place of the next value.
func (r *jsonReader) node() *Node {
	r.next()
	for ; r.done < r.at; r.done++ {
		switch c := r.text[r.done]; {
		case c == '\n':
			r.line, r.col = r.line+1, 1
		case utf8.RuneStart(c):
			r.col++
		}
	}
	if len(r.free) == 0 {
		r.free = make([]Node, slab)
	}
	n := &r.free[0]
	r.free = r.free[1:]
	r.left--
	n.part, n.Line, n.Col = r.part, r.line, r.col
	return n
}
