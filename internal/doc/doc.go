// Package doc reads what people write: strict YAML and JSON documents.
//
// It is: one careful way from text to values, with errors that say file, line and column.
// It takes: a name, bytes and a struct with yaml tags; nothing here opens a file.
// It gives: a filled struct, or a tree of positioned nodes for formats that a struct cannot describe; and a struct as YAML again.
// Next door: fault gives the errors their code; every room that owns a file format calls doc.
//
// Strict means: an unknown key, a repeated key, a wrong type, an anchor, an alias, a merge key, a tag, more than MaxBytes or
// more than MaxDepth levels is an error. Anchors and aliases are refused because they can make a small text large.
package doc

import (
	"github.com/goccy/go-yaml"

	"jobzero/internal/fault"
)

// The limits of one text.
const (
	MaxBytes = 1 << 20 // what Decode, DecodeAll and Parse accept
	MaxDepth = 100     // nested collections
)

// Decode reads the one document in data into the struct, map or slice that into points at. An empty document leaves into
// as it was. Every error is fault.Invalid and its text begins with name:line:column.
func Decode(name string, data []byte, into any) error {
	return Reader{}.Decode(name, data, into)
}

// DecodeAll reads every document of a multi-document text; empty documents are left out.
func DecodeAll[T any](name string, data []byte) ([]T, error) {
	nodes, err := Parse(name, data)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(nodes))
	for i, n := range nodes {
		if err := n.Decode(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Parse reads every document of a text into a tree; empty documents are left out.
func Parse(name string, data []byte) ([]*Node, error) { return Reader{}.Parse(name, data) }

// Reader reads with other limits than the usual ones.
type Reader struct {
	Max int // bytes; zero means MaxBytes
	// Nodes is the most values that a document may have when its aliases are written out. With it Parse keeps tags in Node.Tag
	// and reads anchors, aliases and merge keys; an alias is the very node that its anchor names, with the place of that.
	// JSON is known by its content then. Such nodes are there to be walked: Decode refuses them. Zero: see the package.
	Nodes int
}

// Decode is the package's Decode with this reader's limit.
func (r Reader) Decode(name string, data []byte, into any) error {
	nodes, err := r.Parse(name, data)
	switch {
	case err != nil:
		return err
	case len(nodes) == 0:
		return nil
	case len(nodes) > 1:
		return nodes[1].Errorf("a second document starts here: want one document in this file")
	}
	return nodes[0].Decode(into)
}

// Decode reads the node strictly into what into points at.
func (n *Node) Decode(into any) (err error) {
	defer guard(n.part.name, &err)
	if n.part.tree != nil {
		return fault.New(fault.Internal, "%s: a tree with tags is not decoded", n.Place())
	}
	if n.ast == nil { // an empty value, such as a key with nothing behind it
		return nil
	}
	if err := yaml.NodeToValue(n.ast, into, yaml.Strict()); err != nil {
		return n.part.located(n, err)
	}
	return nil
}

// guard turns a panic of the YAML library into an error: its input is whatever a user wrote.
func guard(name string, err *error) {
	if p := recover(); p != nil {
		*err = fault.New(fault.Invalid, "%s:1:1: this text breaks the YAML reader (%v): simplify it", name, p)
	}
}
