package testmoto

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// The environment that Start reads.
const (
	EnvEndpoint = "JOBZERO_TEST_AWS_ENDPOINT" // a running emulator to share, such as http://127.0.0.1:5000
	EnvProgram  = "JOBZERO_MOTO"              // the moto_server program to start
	EnvRequire  = "JOBZERO_REQUIRE_EMULATOR"  // 1: its absence fails the test instead of skipping it
	startWithin = 60 * time.Second            // a busy machine needs long to import moto
	lookEvery   = 25 * time.Millisecond       // how often to look whether it is up
	maxLog      = 1 << 20                     // how much of its output is read when something is wrong
	region      = "us-east-1"                 // moto keeps state per region; one is enough for tests
	recording   = "recording.jsonl"           // the recorder's file inside the server's folder
	notFound    = "no AWS emulator: set " + EnvEndpoint + " or " + EnvProgram + ", or install moto_server (moto[server]==5.2.1)"
)

var running = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// ErrNotFound says that no emulator is installed here.
var ErrNotFound = fmt.Errorf("%s", notFound)

// Server is one running emulator.
type Server struct {
	Endpoint string // such as http://127.0.0.1:41234: an IP, so that S3 goes path-style by itself

	dir  string // its own folder: log and recording; empty when the server is somebody else's
	cmd  *exec.Cmd
	stop sync.Once
	bad  error
}

// Start finds or starts an emulator and waits until it answers. Stop ends it, and so does the end of this process (Linux).
func Start(ctx context.Context) (*Server, error) {
	if endpoint := os.Getenv(EnvEndpoint); endpoint != "" {
		s := &Server{Endpoint: strings.TrimRight(endpoint, "/")}
		return s, s.wait(ctx, time.Now().Add(startWithin))
	}
	program, err := find()
	if err != nil {
		return nil, err
	}
	return launch(ctx, program)
}

// find looks for the program in the order that the package's document promises.
func find() (string, error) {
	if named := os.Getenv(EnvProgram); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s=%s: %w", EnvProgram, named, err)
		}
		return path, nil
	}
	if root, err := repoRoot(); err == nil {
		own := filepath.Join(root, ".venv", "bin", "moto_server")
		if path, err := exec.LookPath(own); err == nil {
			return path, nil
		}
	}
	if path, err := exec.LookPath("moto_server"); err == nil {
		return path, nil
	}
	return "", ErrNotFound
}

// repoRoot is the nearest folder upwards that holds go.mod.
func repoRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		dir = up
	}
}

// launch starts the program with its output in a file: no pipe means no goroutine of ours that a leak check would see.
func launch(ctx context.Context, program string) (*Server, error) {
	dir, err := os.MkdirTemp("", "testmoto-")
	if err != nil {
		return nil, fmt.Errorf("make the emulator's folder: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, fmt.Errorf("make the emulator's log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(program, "-H", "127.0.0.1", "-p", "0")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", "MOTO_RECORDER_FILEPATH="+filepath.Join(dir, recording))
	cmd.SysProcAttr = ownGroup()
	s := &Server{dir: dir, cmd: cmd}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	if err := s.wait(ctx, time.Now().Add(startWithin)); err != nil {
		tail := s.Log()
		_ = s.Stop()
		return nil, fmt.Errorf("%w; its output was:\n%s", err, tail)
	}
	return s, nil
}

// wait looks for the port in the log, then asks the control API until it answers.
func (s *Server) wait(ctx context.Context, until time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		if s.Endpoint == "" {
			if m := running.FindStringSubmatch(s.Log()); m != nil {
				s.Endpoint = m[1]
			}
		}
		if s.Endpoint != "" {
			if _, err := s.control(ctx, http.MethodGet, "/moto-api/"); err == nil {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the AWS emulator %s did not come up: %w", s.Endpoint, ctx.Err())
		case <-look.C:
		}
	}
}

// Log is what the emulator has printed so far (the first megabyte), for a failing test to show.
func (s *Server) Log() string {
	if s.dir == "" {
		return ""
	}
	f, err := os.Open(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, maxLog))
	return string(b)
}

// Stop ends the emulator's process group and removes its folder. A shared emulator is left alone. Twice is once.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		if s.cmd == nil {
			return
		}
		s.bad = killGroup(s.cmd)
		_ = s.cmd.Wait() // its exit status says only that it was killed
		_ = os.RemoveAll(s.dir)
	})
	return s.bad
}

// control calls moto's own API, outside AWS's.
func (s *Server) control(ctx context.Context, method, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, s.Endpoint+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := s.client().Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s", method, path, res.Status)
	}
	return b, nil
}

// Reset forgets all state of all accounts. Only for a server of one's own, such as the demo's.
func (s *Server) Reset(ctx context.Context) error {
	_, err := s.control(ctx, http.MethodPost, "/moto-api/reset")
	return err
}
