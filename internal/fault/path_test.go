package fault_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"jobzero/internal/fault"
)

func TestWhyAPathCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(name string) error {
		_, err := os.ReadFile(name)
		return err
	}
	for _, c := range []struct {
		err  error
		code fault.Code
		want string
	}{
		{nil, fault.Internal, ""},
		{read(filepath.Join(dir, "no")), fault.NotFound, "x does not exist: want a file of waivers"},
		{read(dir), fault.Invalid, "x is a folder: want a file of waivers"},
		{read(filepath.Join(file, "under")), fault.Invalid, "x is a file, or goes through one: want a file of waivers"},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, fault.Denied, "x may not be read by this user: want a file of waivers"},
		{fs.ErrClosed, fault.Invalid, "read x: file already closed"},
		{fault.New(fault.Conflict, "said before"), fault.Conflict, "said before"},
	} {
		got := fault.Path(c.err, "x", "a file of waivers")
		if c.err == nil {
			if got != nil {
				t.Errorf("nil is %v", got)
			}
			continue
		}
		if got.Error() != c.want || fault.CodeOf(got) != c.code {
			t.Errorf("%v is %q of code %s, want %q of code %s", c.err, got, fault.CodeOf(got), c.want, c.code)
		}
	}
}
