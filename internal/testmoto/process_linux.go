package testmoto

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the emulator in a process group of its own and has the kernel end it when this process dies, however it dies.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killGroup ends the emulator and whatever it started.
func killGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
