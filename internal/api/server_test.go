package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jobzero/internal/api"
	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open starts a server on a free port and gives its address.
func open(t *testing.T, o api.Options) string {
	t.Helper()
	o.Listen = "127.0.0.1:0"
	s := api.New(o)
	addr, err := s.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return addr.String()
}

func get(t *testing.T, method, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
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

func TestPages(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Event("file")
	base := "http://" + open(t, api.Options{Version: "v1.2.3", Metrics: m.Handler(func(context.Context) {})})
	cases := []struct {
		method, path string
		status       int
		want         string
	}{
		{"GET", "/", 200, "jobzero v1.2.3\n"},
		{"GET", "/healthz", 200, "ok\n"},
		{"GET", "/readyz", 200, `{"ready":true,"parts":[]}`},
		{"GET", "/metrics", 200, `jobzero_events_total{source="file"} 1`},
		{"HEAD", "/healthz", 200, ""},
		{"GET", "/nothing", 404, ""},
		{"POST", "/healthz", 405, ""},
		{"GET", "/debug/pprof/", 404, ""},
	}
	for _, c := range cases {
		status, body := get(t, c.method, base+c.path)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: got %d %q, want %d with %q", c.method, c.path, status, body, c.status, c.want)
		}
	}
}

func TestReady(t *testing.T) {
	well := api.Check{Name: "database", Ask: func(context.Context) error { return nil }}
	ill := api.Check{Name: "bus", Ask: func(context.Context) error { return fault.New(fault.Unavailable, "no route to nats") }}
	cases := map[string]struct {
		checks []api.Check
		status int
		want   api.Readiness
	}{
		"all well": {[]api.Check{well}, 200, api.Readiness{Ready: true, Parts: []string{"database"}}},
		"one ill": {[]api.Check{well, ill}, 503, api.Readiness{
			Parts:  []string{"database", "bus"},
			Broken: []api.Broken{{Name: "bus", Code: "unavailable", Cause: "no route to nats"}},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			status, body := get(t, "GET", "http://"+open(t, api.Options{Checks: c.checks})+"/readyz")
			var got api.Readiness
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			if d := cmp.Diff(c.want, got); d != "" || status != c.status {
				t.Errorf("status %d, want %d\n%s", status, c.status, d)
			}
		})
	}
}

// TestReadyDoesNotHang asks a part that never answers and ignores its context.
func TestReadyDoesNotHang(t *testing.T) {
	free := make(chan struct{})
	stuck := api.Check{Name: "bus", Ask: func(context.Context) error { <-free; return nil }}
	addr := open(t, api.Options{Checks: []api.Check{stuck}})
	t.Cleanup(func() { close(free) })
	start := time.Now()
	status, body := get(t, "GET", "http://"+addr+"/readyz")
	if took := time.Since(start); status != 503 || !strings.Contains(body, "no answer in") || took > 10*time.Second {
		t.Errorf("after %s: got %d %s", took, status, body)
	}
}

func TestOpenSaysWhichAddressIsTaken(t *testing.T) {
	addr := open(t, api.Options{})
	_, err := api.New(api.Options{Listen: addr}).Open(t.Context())
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), addr) {
		t.Errorf("got %v, want an unavailable fault that names %s", err, addr)
	}
}

// TestSlowHeaderIsCutOff holds a connection open without ever finishing its request.
func TestSlowHeaderIsCutOff(t *testing.T) {
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", open(t, api.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: a\r\nX: ")); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("the server did not close the connection: %v", err)
	}
}

func TestLargeHeaderIsRefused(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+open(t, api.Options{})+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X", strings.Repeat("a", 1<<20))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return // the connection was cut, which refuses it just as well
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d, want 431", res.StatusCode)
	}
}
