package cli

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"jobzero/internal/check"
	"jobzero/internal/fault"
)

// fixAll mends the templates that the inputs name, writes them, and says what was done and what was not.
func (s *shell) fixAll(ctx context.Context, inputs []check.Input, o check.Options) error {
	done, left := 0, 0
	for _, in := range inputs {
		got, err := check.Fix(ctx, in, o)
		if err != nil {
			return err
		}
		for _, file := range slices.Sorted(maps.Keys(got.Files)) {
			if err := overwrite(filepath.FromSlash(in.Shown+file), got.Files[file]); err != nil {
				return err
			}
		}
		for _, x := range got.Done {
			s.complain("mended: %s: %s: %s", x.Place, x.Name, x.Expectation.ID)
		}
		for _, x := range got.Left {
			s.complain("not mended: %s: %s: %s: %s", x.Place, x.Name, x.Expectation.ID, x.Why)
		}
		done, left = done+len(got.Done), left+len(got.Left)
	}
	s.complain("%d mended, %d left for a person", done, left)
	return nil
}

// overwrite puts another text into a file, whole or not at all; the file keeps its permissions.
func overwrite(path string, text []byte) error {
	wrong := func(err error) error { return fault.Wrap(fault.Invalid, err, "write %s", path) }
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return wrong(err)
	}
	info, err := os.Stat(real)
	if err != nil {
		return wrong(err)
	}
	f, err := os.CreateTemp(filepath.Dir(real), ".jobzero-*")
	if err != nil {
		return wrong(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), real)
	}
	if err != nil {
		return wrong(err)
	}
	return nil
}
