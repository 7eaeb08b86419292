package check

import (
	"os"
	"path/filepath"
	"strings"

	"jobzero/internal/fault"
)

// InputOf names a path as seen from a folder: from where the person stands, or from its own folder.
func InputOf(p string) (Input, error) {
	clean := filepath.ToSlash(filepath.Clean(p))
	if filepath.IsLocal(clean) {
		return Input{Files: os.DirFS("."), Path: clean}, nil
	}
	real, err := filepath.Abs(p)
	if err != nil {
		return Input{}, fault.Wrap(fault.Invalid, err, "find %s", p)
	}
	if info, err := os.Stat(real); err == nil && info.IsDir() {
		return Input{Files: os.DirFS(real), Path: ".", Shown: strings.TrimSuffix(clean, "/") + "/"}, nil
	}
	dir := strings.TrimSuffix(clean, filepath.Base(clean))
	return Input{Files: os.DirFS(filepath.Dir(real)), Path: filepath.Base(real), Shown: dir}, nil
}
