//go:build unix

package flow

import (
	"os"
	"path/filepath"
	"syscall"

	"jobzero/internal/fault"
)

// lockFolder takes a folder for this process alone. The kernel gives it back when the process ends, however it ends.
func lockFolder(dir string) (unlock func(), err error) {
	name := filepath.Join(dir, "lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "lock data folder %s", dir)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fault.Wrap(fault.Conflict, err, "data folder %s is in use by another jobzero serve: stop that one, or use another folder", dir)
	}
	return func() { _ = f.Close() }, nil
}
