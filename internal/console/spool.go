package console

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"jobzero/internal/fault"
	"jobzero/internal/report"
)

// spool puts a file that comes into a folder, so that a large one is never in memory while a slow sender is at it. It has no name there: when the
// process ends, so does the file.
func spool(folder, name string, from io.Reader) (kept io.Closer, f report.File, err error) {
	folder = filepath.Join(folder, "incoming")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, f, fault.Wrap(fault.Unavailable, err, "make room for a file")
	}
	k, err := os.CreateTemp(folder, "report-*")
	if err != nil {
		return nil, f, fault.Wrap(fault.Unavailable, err, "make room for a file")
	}
	defer func() {
		if err != nil {
			_ = k.Close() // nothing is wanted of it any more
		}
	}()
	if err := os.Remove(k.Name()); err != nil {
		return nil, f, fault.Wrap(fault.Unavailable, err, "make room for a file")
	}
	const beginning = 512
	hash, head := sha256.New(), &start{most: beginning}
	n, err := io.Copy(io.MultiWriter(k, hash, head), io.LimitReader(from, report.MostFile+1))
	if err != nil {
		return nil, f, err
	}
	if f, err = report.Describe(name, head.bytes, int(n), hex.EncodeToString(hash.Sum(nil))); err != nil {
		return nil, f, err
	}
	f.Kept = k
	return k, f, nil
}

// start keeps how something begins.
type start struct {
	bytes []byte
	most  int
}

// Write takes everything and keeps the beginning.
func (s *start) Write(p []byte) (int, error) {
	if free := s.most - len(s.bytes); free > 0 {
		s.bytes = append(s.bytes, p[:min(free, len(p))]...)
	}
	return len(p), nil
}
