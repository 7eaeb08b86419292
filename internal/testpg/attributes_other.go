//go:build !linux

package testpg

import "syscall"

// attributes cannot tie the server's life to this process's here: only Main ends it.
func attributes(who *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who}
}
