package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"

	"jobzero/internal/fault"
	"jobzero/internal/lake"
)

// sink takes what convert makes. close is called whatever happened, finish when all was well.
type sink interface {
	add(ctx context.Context, r lake.Row) error
	finish(ctx context.Context) error
	written() lake.Stats
	close() error
}

// sink opens what the options name.
func (s *shell) sink(o convertOptions) (sink, error) {
	if o.to == toParquet {
		w, err := lake.New(o.out, lake.Options{Product: buildInfo().Version})
		return &tables{w: w}, err
	}
	if o.out == "" {
		return newLines(s.out, nil, false), nil
	}
	f, err := os.OpenFile(o.out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "--out")
	}
	return newLines(f, f, strings.HasSuffix(strings.ToLower(o.out), ".gz")), nil
}

// tables writes Parquet.
type tables struct {
	w     *lake.Writer
	stats lake.Stats
}

func (t *tables) add(ctx context.Context, r lake.Row) error { return t.w.Add(ctx, r) }

func (t *tables) finish(ctx context.Context) (err error) {
	t.stats, err = t.w.Finish(ctx)
	return err
}

func (t *tables) written() lake.Stats { return t.stats }

func (t *tables) close() error { return t.w.Close() }

// lines writes a view a line.
type lines struct {
	to    *bufio.Writer
	pack  *gzip.Writer // nil: not packed
	file  io.Closer    // nil: it is not ours to close
	stats lake.Stats
	under *counter
}

// counter counts the bytes that are written.
type counter struct {
	to io.Writer
	n  int64
}

// Write counts.
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

func newLines(to io.Writer, file io.Closer, packed bool) *lines {
	l := &lines{under: &counter{to: to}, file: file, stats: lake.Stats{Files: 1}}
	var next io.Writer = l.under
	if packed {
		l.pack = gzip.NewWriter(next)
		next = l.pack
	}
	const buffer = 64 << 10
	l.to = bufio.NewWriterSize(next, buffer)
	return l
}

func (l *lines) add(_ context.Context, r lake.Row) error {
	l.stats.Rows++
	if _, err := l.to.Write(r.JSON); err != nil {
		return fault.Wrap(fault.Unavailable, err, "write the events")
	}
	return fault.Wrap(fault.Unavailable, l.to.WriteByte('\n'), "write the events")
}

func (l *lines) finish(context.Context) error { return nil }

func (l *lines) written() lake.Stats {
	l.stats.Bytes = l.under.n
	return l.stats
}

// close ends the file. After an error what was made so far is in it.
func (l *lines) close() error {
	err := l.to.Flush()
	if l.pack != nil {
		err = errors.Join(err, l.pack.Close())
	}
	if l.file != nil {
		err = errors.Join(err, l.file.Close())
	}
	return fault.Wrap(fault.Unavailable, err, "write the events")
}
