package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"os"
	"path/filepath"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"jobzero/internal/event/ocsf"
	"jobzero/internal/fault"
)

// groupBytes is how much JSON goes into a row group, which the writer holds in memory. Security Lake wants row groups below
// 256 MB.
const groupBytes = 32 << 20

// pageBytes is the size of a page before compression; Security Lake wants a megabyte at most.
const pageBytes = 256 << 10

// file is a Parquet file being written.
type file struct {
	place string
	dir   string
	class reflect.Type
	temp  *os.File
	out   *parquet.GenericWriter[any]
	sum   hash.Hash
	group int // bytes of JSON in the row group
	rows  int64
}

// create begins the file of a place.
func (w *Writer) create(place string, class int) (*file, error) {
	view, ok := ocsf.New(class)
	if !ok {
		return nil, fault.New(fault.Internal, "there are no columns for class %d", class)
	}
	dir := filepath.Join(w.dir, filepath.FromSlash(place))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "make a folder of the lake")
	}
	temp, err := os.CreateTemp(w.temp, "file-*")
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "make a file of the lake")
	}
	t := columns(reflect.TypeOf(view).Elem())
	return &file{
		place: place, dir: dir, class: t, temp: temp, sum: sha256.New(),
		out: parquet.NewGenericWriter[any](temp, parquet.SchemaOf(reflect.New(t).Interface()),
			parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}), parquet.PageBufferSize(pageBytes), parquet.DataPageStatistics(true),
			parquet.SortingWriterConfig(parquet.SortingColumns(parquet.Ascending("time"))),
			parquet.CreatedBy("jobzero", w.o.Product, "")),
	}, nil
}

// add writes a view.
func (f *file) add(line []byte) error {
	row := reflect.New(f.class)
	if err := json.Unmarshal(line, row.Interface()); err != nil {
		return fault.Wrap(fault.Internal, err, "read an event in OCSF again")
	}
	if _, err := f.out.Write([]any{row.Interface()}); err != nil {
		return fault.Wrap(fault.Unavailable, err, "write a file of the lake")
	}
	f.rows++
	f.sum.Write(line)
	f.sum.Write([]byte{'\n'})
	if f.group += len(line); f.group < groupBytes {
		return nil
	}
	f.group = 0
	return fault.Wrap(fault.Unavailable, f.out.Flush(), "write a file of the lake")
}

// end gives the file its name: the hash of what is in it, so that the same events give the same file again and others never
// write over it.
func (f *file) end() (Stats, error) {
	if err := f.out.Close(); err != nil {
		f.drop()
		return Stats{}, fault.Wrap(fault.Unavailable, err, "write a file of the lake")
	}
	info, err := f.temp.Stat()
	if err != nil {
		f.drop()
		return Stats{}, fault.Wrap(fault.Unavailable, err, "write a file of the lake")
	}
	if err := f.temp.Close(); err != nil {
		return Stats{}, fault.Wrap(fault.Unavailable, err, "write a file of the lake")
	}
	const digits = 16
	name := "jobzero-" + hex.EncodeToString(f.sum.Sum(nil))[:digits] + ".zstd.parquet"
	if err := os.Rename(f.temp.Name(), filepath.Join(f.dir, name)); err != nil {
		return Stats{}, fault.Wrap(fault.Unavailable, err, "name a file of the lake")
	}
	return Stats{Rows: f.rows, Bytes: info.Size()}, nil
}

// drop gives up a file; the temporary folder goes with it.
func (f *file) drop() { _ = f.temp.Close() }
