package lake

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"

	"jobzero/internal/fault"
)

// Options are the settings of a writer; the zero value is usable.
type Options struct {
	Memory  int    // bytes of rows kept in memory before they are put aside; 32 MiB when zero
	Product string // version of jobzero, written into the files
}

// Stats count what was written.
type Stats struct {
	Files int64
	Rows  int64
	Bytes int64 // of the files
}

// Writer writes rows into a lake. However many places the rows belong to, one file is open at a time: rows are put aside in
// sorted runs first, and at the end the runs are merged. It is for one goroutine. Make it with New, end it with Finish and
// Close.
type Writer struct {
	dir   string
	o     Options
	temp  string // folder of the runs, in dir: what does not fit there would not fit at the end either
	items []item
	size  int
	order uint64
	runs  []run
}

// DefaultMemory is how many bytes of rows are kept in memory.
const DefaultMemory = 32 << 20

// New makes the lake's folder when there is none.
func New(dir string, o Options) (*Writer, error) {
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "make the folder of the lake")
	}
	temp, err := os.MkdirTemp(dir, ".jobzero-*")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "make a temporary folder in the lake's")
	}
	return &Writer{dir: dir, o: o, temp: temp}, nil
}

// Add takes a row. Its JSON belongs to the writer.
func (w *Writer) Add(ctx context.Context, r Row) error {
	if len(r.JSON) > maxLine {
		return fault.New(fault.Invalid, "an event of %d bytes is too large for the lake", len(r.JSON))
	}
	w.items = append(w.items, item{r.Place(), r.Time, w.order, r.Class, r.JSON})
	w.order++
	const overhead = 200 // the item, its place, and what the allocator rounds up
	if w.size += len(r.JSON) + overhead; w.size < w.o.Memory {
		return nil
	}
	return w.spill(ctx)
}

// spill puts what is in memory aside as a run.
func (w *Writer) spill(ctx context.Context) error {
	if len(w.items) == 0 {
		return nil
	}
	slices.SortFunc(w.items, func(a, b item) int {
		if a.less(&b) {
			return -1
		}
		return 1 // no two have the same order
	})
	i := 0
	path, err := writeRun(w.temp, func() (*item, error) {
		if i == len(w.items) {
			return nil, io.EOF
		}
		i++
		return &w.items[i-1], nil
	})
	clear(w.items)
	w.items, w.size = w.items[:0], 0
	if err != nil {
		return err
	}
	w.runs = append(w.runs, run{path, 0})
	return w.settle(ctx)
}

// settle merges runs of one level when there are enough of them, so that no more than fanIn are ever open and each row is
// written anew only as often as the logarithm of their number.
func (w *Writer) settle(ctx context.Context) error {
	for {
		n := len(w.runs)
		if n < fanIn || w.runs[n-fanIn].level != w.runs[n-1].level {
			return nil
		}
		if err := w.join(ctx, n-fanIn); err != nil {
			return err
		}
	}
}

// join merges the runs from a place on into one.
func (w *Writer) join(ctx context.Context, from int) error {
	old := w.runs[from:]
	m, err := mergeRuns(ctx, old)
	if err != nil {
		return err
	}
	defer m.close()
	path, err := writeRun(w.temp, m.next)
	if err != nil {
		return err
	}
	level := old[0].level + 1
	for _, r := range old {
		if err := os.Remove(r.path); err != nil {
			return fault.Wrap(fault.Unavailable, err, "remove a temporary file")
		}
	}
	w.runs = append(w.runs[:from], run{path, level})
	return nil
}

// Finish writes the files. Without it nothing is in the lake. A file appears under its name when it is whole.
func (w *Writer) Finish(ctx context.Context) (Stats, error) {
	if err := w.spill(ctx); err != nil {
		return Stats{}, err
	}
	for len(w.runs) > fanIn { // the newest are the smallest
		if err := w.join(ctx, len(w.runs)-fanIn); err != nil {
			return Stats{}, err
		}
	}
	m, err := mergeRuns(ctx, w.runs)
	if err != nil {
		return Stats{}, err
	}
	defer m.close()
	return w.files(m.next)
}

// files writes a file for each place.
func (w *Writer) files(next func() (*item, error)) (sum Stats, err error) {
	var f *file
	defer func() {
		if f != nil {
			f.drop()
		}
	}()
	for {
		it, err := next()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return sum, err
		}
		if f != nil && (end || it.place != f.place) {
			done, bad := f.end()
			f = nil
			if bad != nil {
				return sum, bad
			}
			sum.Files++
			sum.Rows += done.Rows
			sum.Bytes += done.Bytes
		}
		if end {
			return sum, nil
		}
		if f == nil {
			if f, err = w.create(it.place, it.class); err != nil {
				return sum, err
			}
		}
		if err := f.add(it.line); err != nil {
			return sum, err
		}
	}
}

// Close removes what is temporary. It is called whatever happened.
func (w *Writer) Close() error {
	return fault.Wrap(fault.Unavailable, os.RemoveAll(w.temp), "remove the lake's temporary folder")
}
