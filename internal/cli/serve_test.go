package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/cli"
)

// TestServe runs the house on a free port, asks its door, and ends it.
func TestServe(t *testing.T) {
	for _, k := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+k, "")
	}
	data := filepath.Join(t.TempDir(), "data")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	log, logs := io.Pipe()
	code := make(chan int, 1)
	go func() {
		var out bytes.Buffer
		code <- cli.Main(ctx, []string{"serve", "--data-dir", data, "--listen", "127.0.0.1:0"}, strings.NewReader(""), &out, logs)
		_ = logs.Close()
	}()
	address := ready(t, log)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": `{"ready":true,`, "/metrics": "jobzero_brake_on 0", "/": "jobzero "} {
		status, body := get(t, address+path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: got %d %s", path, status, body)
		}
	}
	cancel()
	if got := <-code; got != 0 {
		t.Errorf("exit code %d, want 0", got)
	}
	var out, errs bytes.Buffer
	if got := cli.Main(t.Context(), []string{"ticket", "list", "--data-dir", data}, strings.NewReader(""), &out, &errs); got != 0 || out.String() != "No tickets.\n" {
		t.Errorf("ticket list beside it: exit code %d, %q, %q", got, out.String(), errs.String())
	}
}

// ready reads the log until the house is ready, then goes on reading so that nobody waits for it.
func ready(t *testing.T, log io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(log)
	var seen []string
	for lines.Scan() {
		seen = append(seen, lines.Text())
		var l struct{ Msg, Address string }
		if err := json.Unmarshal(lines.Bytes(), &l); err == nil && l.Msg == "ready" {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return l.Address
		}
	}
	t.Fatalf("it ended before it was ready:\n%s", strings.Join(seen, "\n"))
	return ""
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestReplayStopsCleanly ends a replay before it has begun: the figures are there, the last line, and the exit code says so.
func TestReplayStopsCleanly(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := cli.Main(ctx, []string{"replay", "--stats", "."}, strings.NewReader(""), &out, &errs)
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	if code != 2 || lines[0] != "Stopped before the end; so far:" || !strings.HasPrefix(lines[len(lines)-1], `{"events":0,`) {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestReplaySaysWhenNobodyTakesItsFindings(t *testing.T) {
	var errs bytes.Buffer
	log := filepath.Join(t.TempDir(), "log.json")
	record := `{"eventVersion":"1.11","eventID":"e-1","eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com",` +
		`"eventName":"StopLogging","awsRegion":"eu-central-1","userIdentity":{"type":"Root"},"eventType":"AwsApiCall","recipientAccountId":"111122223333"}`
	write(t, log, record)
	code := cli.Main(t.Context(), []string{"replay", "--format", "json", log}, strings.NewReader(""), full{}, &errs)
	if code != 2 || !strings.Contains(errs.String(), "write the findings") {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
