package crash

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a child that is started again after it was killed.
type process struct {
	t    *testing.T
	name string
	as   child
	cmd  *exec.Cmd
	over chan struct{}

	mu   sync.Mutex
	said []string // what it said besides being ready
}

// start starts it and waits until it is ready. What it needs may be away for a while: then it ends, and is started again.
func (p *process) start() {
	p.t.Helper()
	for range 100 {
		if p.begin() {
			return
		}
		pause(p.t, 200*time.Millisecond)
	}
	p.t.Fatalf("%s does not start: %s", p.name, strings.Join(p.said, "; "))
}

func (p *process) begin() bool {
	p.t.Helper()
	text, err := json.Marshal(p.as)
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	p.cmd.SysProcAttr = tied()
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ready := make(chan struct{})
	p.over = make(chan struct{})
	go func(cmd *exec.Cmd, over chan struct{}) {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if lines.Text() == "ready" {
				close(ready)
				continue
			}
			p.mu.Lock()
			p.said = append(p.said, lines.Text())
			p.mu.Unlock()
		}
		_ = cmd.Wait() // how it ended is read from its state
		close(over)
	}(p.cmd, p.over)
	select {
	case <-ready:
		return true
	case <-p.over:
		return false
	case <-time.After(time.Minute):
		p.t.Fatalf("%s is not ready within a minute", p.name)
		return false
	}
}

// kill ends it as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.over
}

// stop asks it to end, and sees that it ends well.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	<-p.over
	if !p.cmd.ProcessState.Success() {
		p.t.Errorf("%s was asked to end, and ended with %s: %s", p.name, p.cmd.ProcessState, strings.Join(p.said, "; "))
	}
}

// words are what it said that begins with a word.
func (p *process) words(with string) (out []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.said {
		if strings.HasPrefix(s, with) {
			out = append(out, s)
		}
	}
	return out
}

func pause(t testing.TB, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
