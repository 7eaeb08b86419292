package report

import (
	"crypto/sha256"
	"encoding/hex"
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
}

// What is taken. A web page or a program is not: somebody would open it.
const (
	mostFiles = 5
	MostFile  = 5 << 20 // bytes of one
	mostName  = 100
)

// kinds are those that net/http.DetectContentType knows by content (mimesniff.spec.whatwg.org) and that show no more than what they are.
func kinds() []string {
	return []string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain; charset=utf-8"}
}

// NewFile takes one in, by its content.
func NewFile(name string, data []byte) (File, error) {
	switch {
	case len(data) == 0:
		return File{}, fault.New(fault.Invalid, "file %q is empty", plain(name))
	case len(data) > MostFile:
		return File{}, fault.New(fault.Invalid, "file %q: %d bytes: up to %d are taken", plain(name), len(data), MostFile)
	}
	kind := http.DetectContentType(data)
	if !slices.Contains(kinds(), kind) {
		return File{}, fault.New(fault.Invalid, "file %q is %s by its content: pictures, PDF and plain text are taken", plain(name), kind)
	}
	sum := sha256.Sum256(data)
	return File{Name: plain(name), Kind: kind, Size: len(data), Sum: hex.EncodeToString(sum[:]), Bytes: data}, nil
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
