// Package duty runs the whole program where nobody is there: its bus dies, it dies itself, or everybody on duty has left.
//
// It is: stories about silence. It takes: the program, built here, a NATS server and a health check of its own.
// It gives: a failure when the health check still hears a beat that it must not, or when nobody is asked.
// Next door: test/story tells stories over AWS; internal/app tests the same pieces one by one.
package duty

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const patience = 90 * time.Second

// org has four people who are on duty and one above them; rota has two sites that share the day.
const (
	orgText = `people:
  - {id: boss, name: Boss Example, email: boss@example.com}
  - {id: ana, name: Ana Example, email: ana@example.com, manager: boss}
  - {id: bo, name: Bo Example, email: bo@example.com, manager: boss}
  - {id: cleo, name: Cleo Example, email: cleo@example.com, manager: boss}
  - {id: dev, name: Dev Example, email: dev@example.com, manager: boss}
`
	rotaText = `rotas:
  - name: small
    sites:
      - {name: East, zone: Asia/Tokyo, starts: "00:00", lasts: 12h, members: [ana, bo], accept_nights: two sites share the day}
      - {name: West, zone: America/New_York, starts: "12:00", lasts: 12h, members: [cleo, dev], accept_nights: two sites share the day}
`
	peopleText = "id,user_name,display_name\n1,ana,Ana Example\n2,bo,Bo Example\n3,cleo,Cleo Example\n4,dev,Dev Example\n"
)

// program is the real one, in a folder of its own.
type program struct {
	*testing.T
	bin, dir string
	bus      *server.Server
	port     int
	beats    atomic.Int64
	cmd      *exec.Cmd
	log      bytes.Buffer
}

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{T: t, dir: t.TempDir()}
	p.bin = filepath.Join(p.dir, "jobzero")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", p.bin, "jobzero/cmd/jobzero").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	watcher := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.beats.Add(1) }))
	t.Cleanup(watcher.Close)
	p.startBus()
	settings := fmt.Sprintf("data_dir: data\nlisten: 127.0.0.1:0\nbus: nats://127.0.0.1:%d\norg: org.yaml\noncall: {rota: rota.yaml}\npulse: {url: %s/ping, every: 1s}\n", p.port, watcher.URL)
	for name, text := range map[string]string{"jobzero.yaml": settings, "org.yaml": orgText, "rota.yaml": rotaText, "people.csv": peopleText} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		p.kill()
		p.bus.Shutdown()
		p.bus.WaitForShutdown()
		if t.Failed() {
			t.Logf("its log:\n%s", p.log.String()[max(0, p.log.Len()-6000):])
		}
	})
	return p
}

// startBus starts a NATS server, the second time where it was before.
func (p *program) startBus() {
	p.Helper()
	port := p.port
	if port == 0 {
		port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: filepath.Join(p.dir, "nats"), NoSigs: true, NoLog: true})
	if err != nil {
		p.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		p.Fatal("NATS did not start")
	}
	at, ok := s.Addr().(*net.TCPAddr)
	if !ok {
		p.Fatalf("NATS listens on %v", s.Addr())
	}
	p.bus, p.port = s, at.Port
}

func (p *program) env() []string {
	return append(os.Environ(), "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true")
}

func (p *program) serve() {
	p.Helper()
	p.cmd = exec.CommandContext(context.WithoutCancel(p.Context()), p.bin, "serve", "--config", "jobzero.yaml")
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.dir, p.env(), &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
}

// kill ends it as a power cut does.
func (p *program) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	_ = p.cmd.Wait() // it was killed, which is an error
	p.cmd = nil
}

// run runs another command of the program beside it.
func (p *program) run(args ...string) string {
	p.Helper()
	cmd := exec.CommandContext(p.Context(), p.bin, append(args, "--config", "jobzero.yaml")...)
	cmd.Dir, cmd.Env = p.dir, p.env()
	var bad bytes.Buffer
	cmd.Stderr = &bad
	out, err := cmd.Output()
	if err != nil {
		p.Fatalf("jobzero %s: %v\n%s", strings.Join(args, " "), err, bad.String())
	}
	return string(out)
}

// until waits until it is so.
func (p *program) until(what string, is func() bool) {
	p.Helper()
	tick, end := time.NewTicker(100*time.Millisecond), time.After(patience)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-end:
			p.Fatalf("not in %s: %s", patience, what)
		}
	}
}

// beating waits for so many more beats.
func (p *program) beating(what string) {
	p.Helper()
	was := p.beats.Load()
	p.until(what, func() bool { return p.beats.Load() >= was+3 })
}

// silent waits until no beat comes for several times as long as one takes.
func (p *program) silent(what string) {
	p.Helper()
	last, since := p.beats.Load(), time.Now()
	p.until(what, func() bool {
		if now := p.beats.Load(); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 5*time.Second
	})
}

// TestSomebodyOutsideHearsTheSilence: the health check hears nothing any more when the bus is dead, hears it again when that is back, and nothing
// when the program was killed.
func TestSomebodyOutsideHearsTheSilence(t *testing.T) {
	p := newProgram(t)
	p.serve()
	p.beating("it beats")
	p.bus.Shutdown()
	p.bus.WaitForShutdown()
	p.silent("the bus is dead, and it still beats")
	p.startBus()
	p.beating("the bus is back")
	p.kill()
	p.silent("it is dead, and somebody still beats")
}

// TestWhenEverybodyHasLeftTheTopIsAsked: while it is down a directory says that everybody of the rota has left. It is a finding that names the gap, the page passes the
// empty seats over and asks whoever is above all, and the heartbeat ends.
func TestWhenEverybodyHasLeftTheTopIsAsked(t *testing.T) {
	p := newProgram(t)
	p.serve()
	p.beating("it beats")
	p.kill() // so that it hears of all of them at once
	p.run("people", "import", "people.csv", "--source", "hr")
	for _, who := range []string{"ana", "bo", "cleo", "dev"} {
		p.run("people", "leave", who, "--reason", "the team moves", "--as", "boss")
	}
	p.serve()
	p.silent("nobody is on duty, and it still says that all is well")
	var asked struct {
		Severity string `json:"severity"`
		Title    string `json:"title"`
		Calls    []struct {
			Person string `json:"person"`
			Seat   string `json:"seat"`
		} `json:"calls"`
	}
	p.until("the top is asked", func() bool {
		for line := range strings.Lines(p.run("page", "list", "--format", "json")) {
			var page struct{ ID string }
			if err := json.Unmarshal([]byte(line), &page); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(p.run("page", "show", page.ID, "--format", "json")), &asked); err != nil {
				t.Fatal(err)
			}
			for _, c := range asked.Calls {
				if c.Person == "boss" && c.Seat == "top" {
					return true
				}
			}
		}
		return false
	})
	if asked.Severity != "critical" || !strings.Contains(asked.Title, "gap: rota small: ") || len(asked.Calls) != 1 {
		t.Errorf("%+v", asked)
	}
}
