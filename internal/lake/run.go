package lake

import (
	"bufio"
	"container/heap"
	"context"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/s2"

	"jobzero/internal/fault"
)

const (
	fanIn     = 16       // runs merged at once
	blockSize = 64 << 10 // of the compression: this much of memory a run that is read, some times over
)

// run is sorted items in a temporary file.
type run struct {
	path  string
	level int // how often its items were merged
}

// writeRun writes what next gives, until io.EOF. The item is lent.
func writeRun(dir string, next func() (*item, error)) (path string, err error) {
	f, err := os.CreateTemp(dir, "run-*")
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "make a temporary file")
	}
	z := s2.NewWriter(f, s2.WriterBlockSize(blockSize), s2.WriterConcurrency(1))
	var buf []byte
	for {
		it, end := next()
		if errors.Is(end, io.EOF) {
			break
		}
		if err = end; err != nil {
			break
		}
		buf = it.append(buf[:0])
		if _, err = z.Write(buf); err != nil {
			err = fault.Wrap(fault.Unavailable, err, "write a temporary file")
			break
		}
	}
	for _, end := range []func() error{z.Close, f.Close} {
		if bad := end(); bad != nil && err == nil {
			err = fault.Wrap(fault.Unavailable, bad, "write a temporary file")
		}
	}
	return f.Name(), err
}

// stream is a run being read.
type stream struct {
	file *os.File
	in   *bufio.Reader
	head item
}

func openRun(path string) (*stream, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "open a temporary file")
	}
	z := s2.NewReader(f, s2.ReaderMaxBlockSize(blockSize), s2.ReaderAllocBlock(blockSize))
	return &stream{file: f, in: bufio.NewReaderSize(z, 32<<10)}, nil
}

// merge gives the items of many runs in order.
type merge struct {
	ctx  context.Context
	heap streams
	last *stream // whose head is lent out
}

// streams is a heap of runs by what they give next.
type streams []*stream

// Len is for the heap.
func (s streams) Len() int { return len(s) }

// Less is for the heap.
func (s streams) Less(i, j int) bool { return s[i].head.less(&s[j].head) }

// Swap is for the heap.
func (s streams) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push is for the heap.
func (s *streams) Push(x any) {
	if one, ok := x.(*stream); ok {
		*s = append(*s, one)
	}
}

// Pop is for the heap.
func (s *streams) Pop() any {
	old := *s
	one := old[len(old)-1]
	*s = old[:len(old)-1]
	return one
}

func mergeRuns(ctx context.Context, runs []run) (*merge, error) {
	m := &merge{ctx: ctx}
	for _, r := range runs {
		s, err := openRun(r.path)
		if err != nil {
			m.close()
			return nil, err
		}
		switch err := s.head.read(s.in); {
		case err == nil:
			m.heap = append(m.heap, s)
		case errors.Is(err, io.EOF):
			_ = s.file.Close() // it was only read
		default:
			_ = s.file.Close()
			m.close()
			return nil, err
		}
	}
	heap.Init(&m.heap)
	return m, nil
}

// next gives the next item, lent until the next call; io.EOF at the end.
func (m *merge) next() (*item, error) {
	if err := m.ctx.Err(); err != nil {
		return nil, err
	}
	if m.last != nil {
		switch err := m.last.head.read(m.last.in); {
		case err == nil:
			heap.Fix(&m.heap, 0)
		case errors.Is(err, io.EOF):
			_ = m.last.file.Close()
			heap.Pop(&m.heap)
		default:
			return nil, err
		}
		m.last = nil
	}
	if len(m.heap) == 0 {
		return nil, io.EOF
	}
	m.last = m.heap[0]
	return &m.last.head, nil
}

func (m *merge) close() {
	for _, s := range m.heap {
		_ = s.file.Close() // it was only read
	}
	m.heap = nil
}
