package check

import (
	"bytes"
	"io/fs"
)

// overlay is a file system in which some files are others.
type overlay struct {
	fs.FS
	changed map[string][]byte
}

func (o *overlay) put(file string, text []byte) { o.changed[file] = text }

// Open gives the changed file, or the one below.
func (o *overlay) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	text, ok := o.changed[name]
	if err != nil || !ok {
		return f, err
	}
	info, err := f.Stat()
	if closing := f.Close(); err == nil {
		err = closing
	}
	return &changed{bytes.NewReader(text), info, int64(len(text))}, err
}

// changed is a file with other bytes.
type changed struct {
	*bytes.Reader
	fs.FileInfo
	size int64
}

// Stat says what the file below says, but for the size.
func (c *changed) Stat() (fs.FileInfo, error) { return sized{c.FileInfo, c.size}, nil }

// Close does nothing.
func (*changed) Close() error { return nil }

// Size is that of the bytes.
func (c *changed) Size() int64 { return c.size }

type sized struct {
	fs.FileInfo
	size int64
}

// Size is that of the bytes.
func (s sized) Size() int64 { return s.size }
