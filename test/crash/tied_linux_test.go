package crash

import "syscall"

// tied makes a child end when the test does, however that ends. The signal comes when the thread ends that started the child: tests
// lock theirs.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
