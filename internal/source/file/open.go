package file

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"jobzero/internal/fault"
)

// reader is one reading with its counts.
type reader struct {
	ctx   context.Context
	o     Options
	sink  Sink
	stats Stats
	total int64 // bytes on disk, for the progress

	memory *buffers // nil: everything is streamed
}

// Read reads one stream: JSON, a log in lines, or gzip of either. Place is its name: a path or s3://bucket/key.
func Read(ctx context.Context, in io.Reader, place string, o Options, sink Sink) (Stats, error) {
	r := &reader{ctx: ctx, o: o.filled(), sink: sink}
	t := &tap{r: r, in: in}
	err := r.stream(t, input{place: place, named: true, packed: func() int64 { return t.read }})
	return r.stats, err
}

// input is one stream of bytes on its way to become records.
type input struct {
	place  string
	named  bool         // the user named it, or its name says JSON: what is wrong with it is a dead letter, not a skip
	packed func() int64 // compressed bytes read so far; nil when nothing is compressed
	before int64        // decompressed bytes of the archive's earlier members
}

// file reads one regular file.
func (r *reader) file(path string, size int64, named bool) error {
	f, err := os.Open(path)
	if err != nil {
		return r.lost(path, err)
	}
	defer f.Close()
	before := r.stats.BytesCompressed
	if isZip(f) {
		err = r.archive(f, path, size)
	} else {
		err = r.plainFile(f, size, input{place: path, named: named || isNamed(path)})
	}
	if rest := size - (r.stats.BytesCompressed - before); rest > 0 && r.o.Progress != nil && err == nil {
		r.total -= rest // skipped, or given up in the middle
	}
	r.ended(path, err)
	return err
}

// ended notes a file that was read to its end.
func (r *reader) ended(place string, err error) {
	if err == nil {
		r.stats.Last = place
	}
}

// plainFile reads a file at one go if that can be, and as a stream if not.
func (r *reader) plainFile(f *os.File, size int64, from input) error {
	if ok, err := r.whole(f, size, from); ok {
		return err
	}
	t := &tap{r: r, in: f}
	from.packed = func() int64 { return t.read }
	return r.stream(t, from)
}

// isNamed says whether the file's name promises JSON.
func isNamed(place string) bool {
	bare := strings.TrimSuffix(strings.ToLower(place), ".gz")
	return slices.Contains([]string{".json", ".jsonl", ".ndjson"}, path.Ext(filepath.ToSlash(bare)))
}

func isZip(f io.ReaderAt) bool {
	var magic [4]byte
	_, err := f.ReadAt(magic[:], 0)
	return err == nil && (string(magic[:]) == "PK\x03\x04" || string(magic[:]) == "PK\x05\x06")
}

// stream looks at the first bytes and reads what they promise.
func (r *reader) stream(in io.Reader, from input) error {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(512)
	if len(head) == 0 && err != nil && err != io.EOF {
		return r.lost(from.place, err)
	}
	from.named = from.named || isNamed(from.place)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return r.lost(from.place, fault.Wrap(fault.Invalid, err, "broken gzip"))
		}
		plain := bufio.NewReaderSize(&meter{r: r, in: z, packed: from.packed, before: from.before}, 64<<10)
		if magic, _ := plain.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
			return r.lost(from.place, fault.New(fault.Invalid, "gzip inside gzip is not opened"))
		}
		return r.text(plain, from)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return r.lost(from.place, fault.New(fault.Invalid, "a zip inside another archive or stream is not opened"))
	case other(head) != "":
		return r.lost(from.place, fault.New(fault.Invalid, "compressed with %s, which is not read: only gzip and zip are", other(head)))
	}
	if len(head) == 0 && strings.HasSuffix(strings.ToLower(from.place), ".gz") {
		return r.lost(from.place, fault.New(fault.Invalid, "broken gzip: the file is empty"))
	}
	return r.text(bufio.NewReaderSize(&meter{r: r, in: b, before: from.before}, 64<<10), from)
}

// other names a compression that is not read.
func other(head []byte) string {
	for magic, name := range map[string]string{"\x28\xb5\x2f\xfd": "zstd", "BZh": "bzip2", "\xfd7zXZ": "xz"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return name
		}
	}
	return ""
}

// archive reads a zip's members by name. Nothing is ever written, so a member's path is only a name.
func (r *reader) archive(f *os.File, place string, size int64) error {
	t := &tapAt{r: r, in: f, limit: maxDirectory}
	z, err := zip.NewReader(t, size)
	if err != nil {
		return r.lost(place, fault.Wrap(fault.Invalid, err, "broken zip"))
	}
	z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	slices.SortStableFunc(z.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	t.limit = 0
	r.took(int(min(t.read, size)))
	start := r.stats.BytesJSON
	for _, m := range z.File {
		if m.FileInfo().IsDir() {
			continue
		}
		name := place + "!" + m.Name
		if isDigest(m.Name) {
			r.skip(name, "a CloudTrail digest, no records")
			continue
		}
		if err := r.zipped(m, t, input{place: name, before: r.stats.BytesJSON - start}); err != nil {
			return err
		}
	}
	return nil
}

// zipped reads one member of an archive.
func (r *reader) zipped(m *zip.File, t *tapAt, from input) error {
	if m.Flags&1 != 0 {
		return r.lost(from.place, fault.New(fault.Invalid, "the archive's member is encrypted"))
	}
	in, err := m.Open()
	if err != nil {
		return r.lost(from.place, fault.Wrap(fault.Invalid, err, "open the archive's member"))
	}
	defer in.Close()
	t.read = 0
	from.packed = func() int64 { return t.read }
	err = r.stream(&meter{r: r, in: in, packed: from.packed, before: from.before, quiet: true}, from)
	r.took(int(t.read))
	return err
}
