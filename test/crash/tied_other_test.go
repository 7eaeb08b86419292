//go:build !linux

package crash

import "syscall"

// tied cannot tie a child's life to the test's here.
func tied() *syscall.SysProcAttr { return nil }
