package digest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"

	"jobzero/internal/fault"
)

// The largest files that are looked at. CloudTrail's digests have kilobytes, its logs some megabytes.
const (
	maxDigest  = 32 << 20
	maxLog     = 2 << 30
	maxRatio   = 200 // of decompressed to stored bytes
	ratioAfter = 64 << 20
)

// The ways in which reading an object fails, as kinds of the object's problem.
type unreadable struct {
	kind Kind
	text string
}

func (u *unreadable) Error() string { return u.text }

// reading is one object on its way through.
type reading struct {
	ctx      context.Context
	in       io.Reader
	progress func(n int)
	stored   int64 // bytes read so far
	err      error // the storage's failure, as opposed to the content's
}

// Read reads as the object is stored.
func (r *reading) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return 0, err
	}
	n, err := r.in.Read(b)
	r.stored += int64(n)
	r.progress(n)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// measured is decompressed content with an end to it.
type measured struct {
	in    io.Reader
	from  *reading
	limit int64
	out   int64
}

func (m *measured) Read(b []byte) (int, error) {
	n, err := m.in.Read(b)
	m.out += int64(n)
	switch {
	case m.out > m.limit:
		return 0, &unreadable{TooLarge, "more than " + bytesOf(m.limit) + " come out of it"}
	case m.out > ratioAfter && m.out/max(1, m.from.stored) > maxRatio:
		return 0, &unreadable{TooLarge, "a decompression bomb? " + bytesOf(m.out) + " come out of " + bytesOf(m.from.stored)}
	}
	return n, err
}

// plain copies an object's content, decompressed, into to and gives its SHA-256 in hexadecimal. What is not compressed is
// taken as it is: some tools unpack what they fetch, and the hash is of the content.
func (v *verifier) plain(key string, limit int64, to io.Writer) (hash string, meta Metadata, err error) {
	c, err := v.objects.Open(v.ctx, key)
	if err != nil {
		return "", meta, v.failed(nil, err)
	}
	defer c.Close()
	from := &reading{ctx: v.ctx, in: c, progress: v.took}
	b := bufio.NewReaderSize(from, 64<<10)
	in := io.Reader(b)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		if err := v.unpack.Reset(b); err != nil {
			return "", meta, v.failed(from, err)
		}
		in = &v.unpack
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(sum, to), &measured{in: in, from: from, limit: limit}); err != nil {
		return "", meta, v.failed(from, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), c.Metadata, nil
}

// failed tells a missing object from one that can not be read and from one whose content is broken. The end of the context is
// the only error that ends everything.
func (v *verifier) failed(from *reading, err error) error {
	if v.ctx.Err() != nil {
		return v.ctx.Err()
	}
	if u, ok := errors.AsType[*unreadable](err); ok {
		return u
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist
	case from == nil || from.err != nil:
		return &unreadable{Unread, "it can not be read: " + err.Error()}
	}
	return fault.Wrap(fault.Invalid, err, "broken gzip")
}
