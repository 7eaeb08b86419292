package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"jobzero/internal/fault"
)

// File is one beside a report. Its name and what it says of itself are a stranger's; its kind is what its first bytes are.
type File struct {
	Name  string `json:"name"` // for people to read; nothing is ever stored or opened under it
	Kind  string `json:"kind"`
	Size  int    `json:"size"`
	Sum   string `json:"sum"` // SHA-256, by which the bytes are found
	Bytes []byte `json:"-"`
	// Kept is where the bytes of a large one lie until the report is, so that only one is in memory at a time; nil: in Bytes.
	Kept io.ReaderAt `json:"-"`
}

// What is taken. A web page or a program is not: somebody would open it.
const (
	MostFiles = 5       // at once
	MostFile  = 5 << 20 // bytes of one
	mostInAll = 15      // of one report, with those that were added
	mostName  = 100
	sniffed   = 512 // bytes that say what a file is
)

// kinds are those that net/http.DetectContentType knows by content (mimesniff.spec.whatwg.org) and that show no more than what they are.
func kinds() []string {
	return []string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain; charset=utf-8"}
}

// NewFile takes one in, by its content.
func NewFile(name string, data []byte) (File, error) {
	sum := sha256.Sum256(data)
	f, err := Describe(name, data[:min(len(data), sniffed)], len(data), hex.EncodeToString(sum[:]))
	f.Bytes = data
	return f, err
}

// Describe is a file whose bytes lie elsewhere, by how it begins, how long it is and its SHA-256.
func Describe(name string, head []byte, size int, sum string) (File, error) {
	switch {
	case size == 0:
		return File{}, fault.New(fault.Invalid, "file %q is empty", plain(name))
	case size > MostFile:
		return File{}, fault.New(fault.Invalid, "file %q: %d bytes: up to %d are taken", plain(name), size, MostFile)
	}
	kind := http.DetectContentType(head)
	if !slices.Contains(kinds(), kind) {
		return File{}, fault.New(fault.Invalid, "file %q is %s by its content: pictures, PDF and plain text are taken", plain(name), kind)
	}
	return File{Name: plain(name), Kind: kind, Size: size, Sum: sum}, nil
}

// Data reads the bytes; none where the file is only known from its report.
func (f File) Data() ([]byte, error) {
	if f.Kept == nil {
		return f.Bytes, nil
	}
	b := make([]byte, f.Size)
	if _, err := f.Kept.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Wrap(fault.Unavailable, err, "read what was sent as %s", f.Name)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.Sum {
		return nil, fault.New(fault.Internal, "what was sent as %s is not what lies there now", f.Name)
	}
	return b, nil
}

// plain is a name without folders and without anything that is not to be read.
func plain(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"'<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimLeft(name, "."); name == "" || name == "/" {
		name = "file"
	}
	if len(name) > mostName {
		name = strings.ToValidUTF8(name[:mostName], "")
	}
	return name
}
