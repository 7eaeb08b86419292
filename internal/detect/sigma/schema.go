package sigma

import (
	_ "embed" // the schema of the documents
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// schemaText is the schema of Sigma documents in our own words, after the text of specification 2.1.0 and what is known of
// 2.2.0. Its language is that of JSON Schema.
//
//go:embed schema.yml
var schemaText []byte

// Schemas describe what the documents of a text look like.
type Schemas struct{ rule, correlation, filter *schema }

var ownSchemas = sync.OnceValues(func() (*Schemas, error) {
	nodes, err := doc.Parse("schema.yml", schemaText)
	if err != nil {
		return nil, err
	}
	about := nodes[0].Get("about")
	return newSchemas(func(kind string) (*doc.Node, error) { return merge(about, nodes[0].Get(kind)), nil })
})

// ReadSchemas reads the official schemas from the folder in which the specification has them.
func ReadSchemas(fsys fs.FS, root string) (*Schemas, error) {
	files := map[string]string{"rule": "sigma-detection-rule-schema.json", "correlation": "sigma-correlation-rules-schema.json", "filter": "sigma-filters-schema.json"}
	return newSchemas(func(kind string) (*doc.Node, error) {
		name := path.Join(root, files[kind])
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fault.Path(err, name, "the official schemas, as the folder json-schema of the Sigma specification has them")
		}
		nodes, err := doc.Parse(name, data)
		if err == nil && len(nodes) != 1 {
			err = fault.New(fault.Invalid, "%s:1:1: want one schema", name)
		}
		if err != nil {
			return nil, err
		}
		return nodes[0], nil
	})
}

func newSchemas(text func(kind string) (*doc.Node, error)) (*Schemas, error) {
	out := &Schemas{}
	for kind, into := range map[string]**schema{"rule": &out.rule, "correlation": &out.correlation, "filter": &out.filter} {
		n, err := text(kind)
		if err != nil {
			return nil, err
		}
		if *into, err = readSchema(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Validate says everything that is wrong with a text of rules: what Read refuses, and what does not look as the schema of
// Sigma documents wants it, which Read lets pass where it does no harm.
func Validate(file string, data []byte, o Options) []error {
	s, err := ownSchemas()
	if err != nil {
		return []error{err}
	}
	return s.Validate(file, data, o)
}

// Validate is the package's Validate with other schemas.
func (s *Schemas) Validate(file string, data []byte, o Options) []error {
	nodes, err := doc.Parse(file, data)
	if err != nil {
		return []error{err}
	}
	_, errs := Read(file, data, o)
	said := map[string]bool{}
	for _, err := range errs {
		said[place(err)] = true
	}
	documents, _ := act(nodes)
	for _, n := range documents {
		for _, err := range s.of(n).check(n, "") {
			if !said[place(err)] {
				errs = append(errs, err)
			}
		}
	}
	return errs
}

// of is the schema for a document.
func (s *Schemas) of(n *doc.Node) *schema {
	switch {
	case n.Get("correlation") != nil:
		return s.correlation
	case n.Get("filter") != nil:
		return s.filter
	}
	return s.rule
}

// place is the file:line:column that an error begins with.
func place(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*fault.Error](err); ok {
		text = e.Text
	}
	at, _, _ := strings.Cut(text, ": ")
	return at
}
