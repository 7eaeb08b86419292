package configitem

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"

	"jobzero/internal/design"
	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// The limits of one file, also of what is packed in it.
const (
	maxText  = 64 << 20 // bytes
	maxNodes = 1 << 21  // values, those in texts of JSON included
)

// loader reads one file.
type loader struct {
	name string
	left int // values
	doc  *design.Document
	cov  design.Coverage
}

// source is one item and where it stands.
type source struct {
	n       *doc.Node
	at      *doc.Node // the text that has it, in a file; n itself when it is no text
	line    int       // of lines of JSON; 0 for other files
	summary *doc.Node // of an item that was too large: where the rest of it is
	picked  bool      // it has what a query selected, and nothing else
	left    bool      // it was asked for and not given
}

// Looks reports whether a text is of AWS Config, by its words and then by the members that only it has.
func Looks(data []byte) bool {
	if !bytes.Contains(data, []byte("resourceType")) && !bytes.Contains(data, []byte("onfigurationItem")) {
		return false
	}
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	var top map[string]json.RawMessage
	if json.NewDecoder(bytes.NewReader(data)).Decode(&top) != nil {
		return bytes.HasPrefix(data, []byte("{")) && bytes.Contains(data, []byte(`"configurationItem`)) && !bytes.Contains(data, []byte(`"Resources"`))
	}
	for _, key := range []string{"configurationItem", "configurationItems", "baseConfigurationItems", "configurationItemSummary", "invokingEvent"} {
		if top[key] != nil {
			return true
		}
	}
	for _, key := range []string{"Message", "detail", "Records"} { // what may carry anything
		if bytes.Contains(top[key], []byte("onfigurationItem")) {
			return true
		}
	}
	if results := top["Results"]; results != nil && bytes.Contains(results, []byte("resourceType")) {
		return true
	}
	return top["resourceType"] != nil && (top["configuration"] != nil || top["resourceId"] != nil)
}

// Unpack unpacks what S3 has; a text that is not packed stays.
func Unpack(name string, data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s:1:1: this is no gzip that can be read (%v): fetch it again", name, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, maxText+1))
	switch {
	case len(out) > maxText:
		return nil, fault.New(fault.Invalid, "%s:1:1: more than the limit of %d bytes when unpacked", name, maxText)
	case err != nil:
		return nil, fault.New(fault.Invalid, "%s:1:1: this is no gzip that can be read (%v): fetch it again", name, err)
	}
	return out, nil
}

// Read reads a notification, a history, a snapshot or an answer; name stands for it in errors. Of several states of one resource
// the newest counts.
func Read(name string, data []byte) (design.Document, error) {
	data, err := Unpack(name, data)
	if err != nil {
		return design.Document{}, err
	}
	l := &loader{name: name, left: maxNodes, doc: &design.Document{Format: design.ConfigItem, Excerpt: true, Place: design.Place{File: name, Line: 1, Col: 1}}}
	sources, err := l.sources(data)
	if err != nil {
		return design.Document{}, err
	}
	if err := l.items(sources); err != nil {
		return design.Document{}, err
	}
	l.doc.Coverage = &l.cov
	return *l.doc, nil
}

func (l *loader) sources(data []byte) ([]source, error) {
	if !json.Valid(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		if out, err := l.lines(data); out != nil || err != nil {
			return out, err
		}
	}
	n, err := l.tree(l.name, data)
	if err != nil {
		return nil, err
	}
	return l.open(n, n, 0)
}

// lines reads an item a line; nil when the text is nothing of that.
func (l *loader) lines(data []byte) ([]source, error) {
	var out []source
	for i, line := range bytes.Split(data, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if line[0] != '{' || !json.Valid(line) {
			if len(out) == 0 {
				return nil, nil
			}
			return nil, fault.New(fault.Invalid, "%s:%d:1: this line is no item in JSON, as those before it are", l.name, i+1)
		}
		n, err := l.tree(l.name, line)
		if err != nil {
			return nil, err
		}
		found, err := l.open(n, n, 0)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s:%d: %v", l.name, i+1, err)
		}
		for j := range found {
			found[j].line = i + 1
		}
		out = append(out, found...)
	}
	return out, nil
}

// tree reads JSON and counts what is in it.
func (l *loader) tree(name string, data []byte) (*doc.Node, error) {
	nodes, err := doc.Reader{Max: maxText, Nodes: max(l.left, 1)}.Parse(name, data)
	switch {
	case err != nil:
		return nil, err
	case len(nodes) != 1 || nodes[0].Kind != doc.Map:
		return nil, fault.New(fault.Invalid, "%s:1:1: want one map in JSON", name)
	}
	l.left -= count(nodes[0])
	return nodes[0], nil
}

// parse reads a text within the file; nil when it is no JSON.
func (l *loader) parse(at *doc.Node, text string) *doc.Node {
	if text == "" || text[0] != '{' && text[0] != '[' || l.left <= 0 {
		return nil
	}
	nodes, err := doc.Reader{Max: maxText, Nodes: l.left}.Parse(at.File()+"#text.json", []byte(text))
	if err != nil || len(nodes) != 1 {
		return nil
	}
	l.left -= count(nodes[0])
	return nodes[0]
}

// inner is what a text of JSON says; nil when it is none.
func (l *loader) inner(n *doc.Node) *doc.Node { return l.parse(n, n.Text) }

func count(n *doc.Node) int {
	out := 1
	for _, i := range n.Items {
		out += count(i)
	}
	for _, p := range n.Pairs {
		out += 1 + count(p.Value)
	}
	return out
}
