package digesttest

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"jobzero/internal/source/digest"
)

// Bucket is what was delivered, by key from AWSLogs/ on.
type Bucket struct {
	Name, Prefix string // as digests write them; the prefix ends with a slash
	Objects      map[string][]byte
	Signatures   map[string]string // x-amz-meta-signature, as S3 keeps it
	Refuse       map[string]error  // what opening an object gives instead
	Unlistable   map[string]error  // what listing a folder gives instead
}

// New is an empty bucket.
func New(name string) *Bucket {
	return &Bucket{Name: name, Objects: map[string][]byte{}, Signatures: map[string]string{}, Refuse: map[string]error{}, Unlistable: map[string]error{}}
}

func (b *Bucket) keys() []string {
	var all []string
	for key := range b.Objects {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}

// Folder names what lies directly in a folder.
func (b *Bucket) Folder(_ context.Context, key string) (folders, objects []string, err error) {
	for _, k := range b.keys() {
		rest, below := strings.CutPrefix(k, key)
		if !below {
			continue
		}
		if name, _, deeper := strings.Cut(rest, "/"); deeper {
			folders = append(folders, name)
		} else {
			objects = append(objects, k)
		}
	}
	return slices.Compact(folders), objects, b.Unlistable[key]
}

// Below calls found for each object of a folder.
func (b *Bucket) Below(_ context.Context, key string, found func(digest.Object) error) error {
	for _, k := range b.keys() {
		if strings.HasPrefix(k, key) {
			if err := found(digest.Object{Key: k, Size: int64(len(b.Objects[k]))}); err != nil {
				return err
			}
		}
	}
	return b.Unlistable[key]
}

// Open opens an object.
func (b *Bucket) Open(_ context.Context, key string) (*digest.Content, error) {
	if err := b.Refuse[key]; err != nil {
		return nil, err
	}
	stored, ok := b.Objects[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return &digest.Content{ReadCloser: io.NopCloser(bytes.NewReader(stored)), Metadata: digest.Metadata{Signature: b.Signatures[key]}}, nil
}

// Write makes a copy of the bucket in a folder. As with any copy, the signatures are lost.
func (b *Bucket) Write(dir string) error {
	for key, stored := range b.Objects {
		name := filepath.Join(dir, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, stored, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Pack is a text as gzip.
func Pack(text []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.StatelessCompression) // it costs least to make one
	if err != nil {
		panic(err) // the level is one of its own
	}
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// Unpack is what Pack took; it gives nil for anything else.
func Unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return text
}
