package cloudlog

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ManifestName is the file that Write leaves beside AWSLogs. It is written last: where it is, the log is complete.
const ManifestName = "manifest.json"

// level is how hard AWS compresses, as far as can be seen from its objects.
const level = 6

// Write makes a folder of the log: AWSLogs/… and beside it the manifest. A folder that holds logs already is refused.
func (l *Log) Write(dir string) (Manifest, error) {
	if _, err := os.Stat(filepath.Join(dir, "AWSLogs")); err == nil {
		return Manifest{}, fmt.Errorf("%s holds logs already: remove them, or name another folder", dir)
	}
	var packed int64
	for o := range l.Objects() {
		n, err := o.write(dir)
		if err != nil {
			return Manifest{}, fmt.Errorf("write %s: %w", o.Key, err)
		}
		packed += n
	}
	l.manifest.BytesCompressed = packed
	text, err := json.MarshalIndent(l.manifest, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	return l.manifest, os.WriteFile(filepath.Join(dir, ManifestName), append(text, '\n'), 0o644)
}

// write compresses one object into its file and says how many bytes that gave.
func (o Object) write(dir string) (int64, error) {
	path := filepath.Join(dir, filepath.FromSlash(o.Key))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	z, err := gzip.NewWriterLevel(f, level)
	if err == nil {
		_, err = z.Write(o.JSON)
		err = errors.Join(err, z.Close())
	}
	size, bad := f.Seek(0, io.SeekCurrent)
	return size, errors.Join(err, bad, f.Close())
}
