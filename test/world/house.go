package world

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// House is a running `jobzero serve` that watches the world.
type House struct {
	Program string // the binary
	Dir     string // its working folder: configuration, data, log
	Address string // where it listens
	env     []string
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	log     *os.File
}

// House sets a house up without starting it.
func (w *World) House(ctx context.Context, o Options) (*House, error) {
	env, err := w.hubEnv(ctx)
	if err != nil {
		return nil, fmt.Errorf("credentials of the hub: %w", err)
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	o = o.fill(w)
	h := &House{Program: o.Program, Dir: o.Dir, Address: address, env: append(os.Environ(), env...)}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, err
	}
	files := map[string]string{"jobzero.yaml": w.config(o, address), "org.yaml": orgText, "intent.yaml": o.Intent}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	h.log, err = os.Create(filepath.Join(o.Dir, "serve.log"))
	return h, err
}

// hubEnv gives the house credentials that belong to the hub's account, as an instance role would.
func (w *World) hubEnv(ctx context.Context) ([]string, error) {
	out, err := sts.NewFromConfig(w.AWS.Config(Hub)).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + Hub + ":role/jobzero-hub"), RoleSessionName: aws.String("hub"),
		DurationSeconds: aws.Int32(43200),
	})
	if err != nil {
		return nil, err
	}
	c := out.Credentials
	return []string{
		"AWS_ACCESS_KEY_ID=" + *c.AccessKeyId, "AWS_SECRET_ACCESS_KEY=" + *c.SecretAccessKey, "AWS_SESSION_TOKEN=" + *c.SessionToken,
		"AWS_REGION=" + Region, "AWS_EC2_METADATA_DISABLED=true",
	}, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() // only asked for its number
	return l.Addr().String(), nil
}

// Start starts the process and waits until it is ready.
func (h *House) Start(ctx context.Context) error {
	h.cmd = exec.Command(h.Program, "serve", "--config", "jobzero.yaml")
	h.cmd.Dir, h.cmd.Env, h.cmd.Stdout, h.cmd.Stderr = h.Dir, h.env, h.log, h.log
	h.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := h.cmd.Start(); err != nil {
		return err
	}
	h.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait() // how it ended is read from its state
		close(ended)
	}(h.cmd, h.ended)
	return h.ready(ctx)
}

func (h *House) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if h.Answers(ctx, "/readyz") {
			return nil
		}
		select {
		case <-h.ended:
			return fmt.Errorf("jobzero ended instead of becoming ready; its log:\n%s", Tail(h.Log(), 40))
		case <-ctx.Done():
			return fmt.Errorf("jobzero did not become ready; its log:\n%s", Tail(h.Log(), 40))
		case <-tick.C:
		}
	}
}

// Answers reports whether a path answers 200 now.
func (h *House) Answers(ctx context.Context, path string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.Address+path, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Kill ends the process as a power cut would: SIGKILL, no goodbye.
func (h *House) Kill() {
	if h.cmd == nil || h.cmd.Process == nil {
		return
	}
	_ = h.cmd.Process.Kill()
	<-h.ended
	h.cmd = nil
}

// Reload has the process load again what people write.
func (h *House) Reload() error { return h.cmd.Process.Signal(syscall.SIGHUP) }

// Change replaces a part of the settings, which the next start reads.
func (h *House) Change(old, now string) error {
	path := filepath.Join(h.Dir, "jobzero.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), old) {
		return fmt.Errorf("the settings have no %q", old)
	}
	return os.WriteFile(path, []byte(strings.Replace(string(text), old, now, 1)), 0o600)
}

// Stop asks the process to end, and waits for it.
func (h *House) Stop() error {
	if h.cmd == nil || h.cmd.Process == nil {
		return nil
	}
	_ = h.cmd.Process.Signal(syscall.SIGTERM)
	<-h.ended
	state := h.cmd.ProcessState
	h.cmd = nil
	if !state.Success() {
		return fmt.Errorf("jobzero ended with %s", state)
	}
	return nil
}

// PID is the process, 0 when none runs.
func (h *House) PID() int {
	if h.cmd == nil || h.cmd.Process == nil {
		return 0
	}
	return h.cmd.Process.Pid
}

// Log is what the house has logged so far.
func (h *House) Log() string {
	b, err := os.ReadFile(filepath.Join(h.Dir, "serve.log"))
	if err != nil {
		return err.Error()
	}
	return string(b)
}
