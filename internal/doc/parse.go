package doc

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"jobzero/internal/fault"
)

// Parse is the package's Parse with this reader's limit.
func (r Reader) Parse(name string, data []byte) (nodes []*Node, err error) {
	defer guard(name, &err)
	limit := r.Max
	if limit == 0 {
		limit = MaxBytes
	}
	if len(data) > limit {
		return nil, fault.New(fault.Invalid, "%s:1:1: %d bytes, more than the limit of %d: split the file", name, len(data), limit)
	}
	if r.Nodes > 0 && isJSON(name, data) {
		return jsonTree(name, data, r.Nodes)
	}
	text, err := clean(name, data)
	if err != nil {
		return nil, err
	}
	for _, p := range split(name, text) {
		if r.Nodes > 0 {
			p.tree = &tree{max: r.Nodes, anchors: map[string]*Node{}}
		}
		n, err := p.parse()
		if err != nil {
			return nil, err
		}
		if n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes, nil
}

// part is one document of a text. Documents are split here and not by the library, which drops what follows an empty one.
type part struct {
	name  string
	text  string
	shift int   // lines before it
	tree  *tree // set when aliases and tags are read, see Reader.Nodes
}

func split(name, text string) []*part {
	var parts []*part
	start, startLine, line := 0, 0, 0
	for i := 0; i < len(text); line++ {
		end := len(text)
		if j := strings.IndexByte(text[i:], '\n'); j >= 0 {
			end = i + j + 1
		}
		if row := strings.TrimRight(text[i:end], " \t\n"); i > start && (row == "---" || strings.HasPrefix(row, "--- ")) {
			parts = append(parts, &part{name: name, text: text[start:i], shift: startLine})
			start, startLine = i, line
		}
		i = end
	}
	return append(parts, &part{name: name, text: text[start:], shift: startLine})
}

// parse gives nil for a document with nothing in it.
func (p *part) parse() (*Node, error) {
	cut := tokens(p.text)
	some, err := p.check(cut)
	if err != nil {
		return nil, err
	}
	file, err := parser.Parse(cut, 0)
	if err != nil {
		return nil, p.located(nil, err)
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d != nil && d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	if len(bodies) == 0 && !some {
		return nil, nil
	}
	if len(bodies) != 1 {
		return nil, fault.New(fault.Invalid, "%s:%d:1: this document does not read as one value", p.name, p.shift+1)
	}
	return p.convert(bodies[0], 0)
}

// clean checks the encoding and removes what YAML readers stumble over without moving a line or a column.
func clean(name string, data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size < 2 || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			line, col := place(data, int64(i))
			return "", fault.New(fault.Invalid, "%s:%d:%d: byte 0x%02x is neither text nor white space: save the file as UTF-8",
				name, line, col, data[i])
		}
		i += size
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	if strings.HasSuffix(name, ".json") {
		if err := strictJSON(name, data); err != nil {
			return "", err
		}
		// JSON is YAML but for its tabs, which can only stand between tokens.
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" "))
	}
	return string(data), nil
}

// strictJSON refuses in a .json file what only YAML would understand.
func strictJSON(name string, data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var v json.RawMessage
	err := d.Decode(&v)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("more text after the JSON value")
	}
	offset, why := d.InputOffset(), strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.Is(err, io.EOF):
		why = "there is nothing in it: want one JSON value"
	case errors.Is(err, io.ErrUnexpectedEOF):
		offset, why = int64(len(data)), "it ends in the middle of a value: is it cut off?"
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = e.Offset - 1
	}
	line, col := place(data, offset)
	return fault.New(fault.Invalid, "%s:%d:%d: %s", name, line, col, why)
}

// place is the line and column, both from 1, of a byte offset.
func place(data []byte, offset int64) (line, col int) {
	offset = max(0, min(offset, int64(len(data))))
	before := data[:offset]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// check refuses what is dangerous to parse: the parser recurses on nesting, and aliases multiply. Nesting by indentation
// needs no check of its own, it costs a column a level and so is bounded by the size; nesting on one line is counted.
//
// It reports whether there is anything in the document.
func (p *part) check(tokens token.Tokens) (some bool, err error) {
	flow, line, inline, marks := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line && flow == 0 {
			line, inline = t.Position.Line, 0
		}
		if marks++; t.Type != token.AnchorType && t.Type != token.TagType {
			marks = 0
		}
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType:
			if p.tree == nil {
				return true, p.at(t, "%s", refusal(t))
			}
		case token.DirectiveType, token.DocumentEndType:
			return true, p.at(t, "directives and document ends are not allowed: separate documents with ---")
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType:
			if flow <= 0 {
				inline++
			}
		default: // every other token is content
		}
		some = some || t.Type != token.DocumentHeaderType && t.Type != token.CommentType
		if flow > MaxDepth || inline > MaxDepth || marks > MaxDepth {
			return true, p.at(t, "more than %d levels of nesting", MaxDepth)
		}
	}
	return some, nil
}

// refusal says why a mark is not allowed.
func refusal(t *token.Token) string {
	switch t.Type {
	case token.MergeKeyType:
		return "merge keys are not allowed: write the keys out"
	case token.TagType:
		return "tags such as " + t.Value + " are not allowed: write a plain value"
	default:
		return "anchors and aliases are not allowed: write the value out"
	}
}

func (p *part) at(t *token.Token, format string, args ...any) error {
	n := &Node{part: p, Line: t.Position.Line + p.shift, Col: t.Position.Column}
	return n.Errorf(format, args...)
}

// located turns an error of the YAML library into ours. Errors without a place of their own, such as those that a type's
// own unmarshaller returns, get the place of the node that was read. The library's full text is never asked for: it
// prints the whole source, which takes minutes for a hostile one.
func (p *part) located(at *Node, err error) error {
	line, col := p.shift+1, 1
	if at != nil {
		line, col = at.Line, at.Col
	}
	var e yaml.Error
	if !errors.As(err, &e) {
		return fault.Wrap(fault.Invalid, err, "%s:%d:%d", p.name, line, col)
	}
	if t := e.GetToken(); t != nil && t.Position != nil {
		line, col = t.Position.Line+p.shift, t.Position.Column
	}
	return fault.New(fault.Invalid, "%s:%d:%d: %s", p.name, line, col, firstLine(e.GetMessage()))
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}
