//go:build !linux

package testmoto

import (
	"os/exec"
	"syscall"
)

// ownGroup asks for nothing special: without Linux's death signal, Stop must be called.
func ownGroup() *syscall.SysProcAttr { return nil }

// killGroup ends the emulator.
func killGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }
