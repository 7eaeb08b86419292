package org

import (
	"errors"
	"io/fs"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

// Load reads and checks an org.yaml.
func Load(fsys fs.FS, path string) (*Org, error) {
	data, err := read(fsys, path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads and checks the text of an org.yaml. All mistakes found are in the error, one a line, each with file:line:col.
// An empty text is an empty organisation.
func Parse(name string, data []byte) (*Org, error) {
	nodes, err := doc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	o := &Org{}
	if err := doc.Decode(name, data, o); err != nil {
		return nil, err
	}
	var root *doc.Node
	if len(nodes) > 0 {
		root = nodes[0]
	}
	c := &checker{org: o, root: root, name: name}
	c.all()
	if len(c.errs) > 0 {
		return nil, errors.Join(c.errs...)
	}
	return o, nil
}

func read(fsys fs.FS, path string) ([]byte, error) {
	data, err := fs.ReadFile(fsys, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Wrap(fault.NotFound, err, "read %s", path)
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, err, "read %s", path)
	}
	return data, nil
}
