package files

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
)

// Wanted is what a path is, for people.
const Wanted = "a file or folder of what is known of policies"

// peeked is how much of a file is looked at to see what it is.
const peeked = 64 << 10

// File is one that may be in one of the estate's own forms.
type File struct {
	Path string
	Mine bool // it is; known once it was opened
	info fs.FileInfo
}

// At gives the files at a path: one that is named, or those of a folder and its folders that end as is said, such as in .json. What begins
// with a dot is left out. An error is fault.NotFound or fault.Invalid.
func At(ctx context.Context, path string, endings ...string) (out []*File, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Path(err, path, Wanted)
	}
	if !info.IsDir() {
		return []*File{{Path: path, info: info}}, nil
	}
	err = filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return fault.Path(err, at, Wanted)
		case at != path && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || !slices.Contains(endings, filepath.Ext(at)):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return fault.Path(err, at, Wanted)
		}
		out = append(out, &File{Path: at, info: info})
		return nil
	})
	return out, err
}

// Open opens the file; nil when it is in another form.
func (f *File) Open() (io.ReadCloser, error) {
	in, begin, err := Peek(f.Path)
	if err != nil {
		return nil, err
	}
	if f.Mine = estate.Looks(begin); !f.Mine {
		return nil, in.Close()
	}
	return in, nil
}

// Peek opens a file and gives how it begins, to see what it is.
func Peek(path string) (in io.ReadCloser, begin []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fault.Path(err, path, Wanted)
	}
	r := bufio.NewReaderSize(f, peeked)
	begin, err = r.Peek(peeked)
	if err != nil && err != io.EOF { //nolint:errorlint // bufio gives it as it is
		_ = f.Close()
		return nil, nil, fault.Path(err, path, Wanted)
	}
	return peekedFile{r, f}, begin, nil
}

// peekedFile is a file of which the beginning was looked at.
type peekedFile struct {
	io.Reader
	io.Closer
}

// Read reads files into an estate, several at once. read is told how many were done; nil: nobody wants to know.
func Read(ctx context.Context, e *estate.Estate, files []*File, read func(done int)) error {
	list := make([]estate.File, 0, len(files))
	for _, f := range files {
		list = append(list, estate.File{Name: f.Path, Open: f.Open})
	}
	return e.ReadFiles(ctx, list, read)
}

// Mark is the same as long as the files are: their names, sizes and times.
func Mark(files []*File) string {
	all := sha256.New()
	for _, f := range files {
		fmt.Fprintf(all, "%q %d %d\n", f.Path, f.info.Size(), f.info.ModTime().UnixNano())
	}
	return hex.EncodeToString(all.Sum(nil))
}
