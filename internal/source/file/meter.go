package file

import (
	"io"
	"os"

	"jobzero/internal/fault"
)

// tap counts the bytes that are read from disk, tells the progress and ends when the context does.
type tap struct {
	r    *reader
	in   io.Reader
	read int64
	bad  error // why it ended before its end
}

func (t *tap) Read(b []byte) (int, error) {
	if err := t.r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := t.in.Read(b)
	t.read += int64(n)
	t.r.took(n)
	if err != nil && err != io.EOF {
		t.bad = err
	}
	return n, err
}

// took counts bytes from disk.
func (r *reader) took(n int) {
	r.stats.BytesCompressed += int64(n)
	if r.o.Progress != nil && n > 0 {
		r.o.Progress(r.stats.BytesCompressed, max(r.total, r.stats.BytesCompressed))
	}
}

// tapAt is a tap for archives. It also keeps their directory from being larger than can be held.
type tapAt struct {
	r     *reader
	in    *os.File
	read  int64
	limit int64 // no more than this may be read; zero: no limit
}

// ReadAt reads and counts.
func (t *tapAt) ReadAt(b []byte, at int64) (int, error) {
	if err := t.r.ctx.Err(); err != nil {
		return 0, err
	}
	if t.limit > 0 && t.read+int64(len(b)) > t.limit {
		return 0, fault.New(fault.Invalid, "the archive's directory is larger than %d bytes", t.limit)
	}
	n, err := t.in.ReadAt(b, at)
	t.read += int64(n)
	return n, err
}

// meter counts decompressed bytes and stops a bomb.
type meter struct {
	r      *reader
	in     io.Reader
	packed func() int64 // compressed bytes read so far
	out    int64
	before int64 // decompressed bytes of the archive's earlier members
	quiet  bool  // another meter behind this one counts
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.in.Read(b)
	o := m.r.o
	over := m.before + m.out + int64(n) - o.MaxBytes
	n -= int(min(int64(n), max(0, over)))
	m.out += int64(n)
	if !m.quiet {
		m.r.stats.BytesJSON += int64(n)
	}
	if over > 0 {
		return n, fault.New(fault.Invalid, "decompression bomb? More than %d bytes come out of it", o.MaxBytes)
	}
	if m.packed == nil || m.out <= o.RatioAfter {
		return n, err
	}
	if in := max(1, m.packed()); m.out/in > o.MaxRatio {
		return n, fault.New(fault.Invalid, "decompression bomb? %d bytes come out of %d, more than %d to one", m.out, in, o.MaxRatio)
	}
	return n, err
}
