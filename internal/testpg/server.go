package testpg

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const folders = "jobzero-pg-" // followed by the pid of the test binary

// server is one PostgreSQL.
type server struct {
	address string
	dir     string
	cmd     *exec.Cmd
	port    int    // 0: not chosen yet
	fsync   string // on or off
	ended   chan struct{}
	output  bytes.Buffer
}

// launch makes a cluster of databases and starts a server on it.
func launch() (*server, error) {
	// Nobody kills it, and whatever a test kills lets go of what the server holds: to wait for the disk shows nothing here.
	o, err := own("off")
	if err != nil {
		return nil, err
	}
	return o.server, nil
}

// own is launch that can start the server again.
func own(fsync string) (*Owned, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	removeStale()
	dir, err := os.MkdirTemp("", folders+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, ended: make(chan struct{}), fsync: fsync}
	who, err := s.user()
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	if err := s.initialise(bin, password, who); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	if err := s.start(bin, password, who); err != nil {
		s.stop()
		return nil, err
	}
	return &Owned{URL: s.address, server: s, again: func() error { return s.start(bin, password, who) }}, nil
}

// binaries finds the newest of Debian's servers, or else what is in the PATH.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("no initdb in /usr/lib/postgresql/*/bin or in the PATH: install postgresql, or set JOBZERO_TEST_POSTGRES")
	}
	return filepath.Dir(path), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // not a number: last
	return n
}

// user is whom to run as: PostgreSQL refuses root.
func (s *server) user() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2, os.Chown(s.dir, uid, gid)); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("this is root, and there is neither a user postgres nor nobody to run the server as")
}

func (s *server) initialise(bin, password string, who *syscall.Credential) error {
	file := filepath.Join(s.dir, "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		return err
	}
	if who != nil {
		if err := os.Chown(file, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	cmd := exec.Command(filepath.Join(bin, "initdb"), "--pgdata", filepath.Join(s.dir, "data"), "--username", "jobzero",
		"--auth", "scram-sha-256", "--pwfile", file, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// start runs the server until this process ends, also when it is killed.
func (s *server) start(bin, password string, who *syscall.Credential) error {
	if s.port == 0 {
		port, err := freePort()
		if err != nil {
			return err
		}
		s.port = port
	}
	s.address = fmt.Sprintf("postgres://jobzero:%s@127.0.0.1:%d/postgres?sslmode=disable", password, s.port)
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "fsync="+s.fsync)
	s.cmd.Dir = s.dir
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	s.cmd.SysProcAttr = attributes(who)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal comes when the thread that started the server ends: it must not
		err := s.cmd.Start()
		started <- err
		if err == nil {
			_ = s.cmd.Wait()
		}
		close(s.ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	return s.ready()
}

func (s *server) ready() error {
	deadline := time.After(time.Minute)
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		c, err := pgx.Connect(ctx, s.address)
		if err == nil {
			err = c.Close(ctx)
			cancel()
			return err
		}
		cancel()
		select {
		case <-tick.C:
		case <-s.ended:
			return fmt.Errorf("PostgreSQL ended at once:\n%s", s.output.String())
		case <-deadline:
			return fmt.Errorf("PostgreSQL did not answer within a minute: %w", err)
		}
	}
}

func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		<-s.ended
	}
	_ = os.RemoveAll(s.dir)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// removeStale removes the folders of test binaries that were killed.
func removeStale() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), folders+"*")) // the pattern is well-formed
	for _, d := range dirs {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(d), folders), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && syscall.Kill(n, 0) == syscall.ESRCH {
			_ = os.RemoveAll(d)
		}
	}
}
