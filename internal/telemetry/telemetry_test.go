package telemetry_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

func TestLogger(t *testing.T) {
	cases := map[string]struct {
		log      telemetry.Log
		terminal bool
		want     string // how the first line begins; empty: nothing is written
	}{
		"json elsewhere":      {telemetry.Log{}, false, `{"time":`},
		"text on a terminal":  {telemetry.Log{}, true, "time="},
		"text when asked":     {telemetry.Log{Format: "text"}, false, "time="},
		"json when asked":     {telemetry.Log{Format: "json"}, true, `{"time":`},
		"level is kept":       {telemetry.Log{Level: "warn"}, true, ""},
		"level in upper case": {telemetry.Log{Level: "DEBUG", Format: "auto"}, true, "time="},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var w bytes.Buffer
			log, err := c.log.Logger(&w, c.terminal)
			if err != nil {
				t.Fatal(err)
			}
			log.Info("hello")
			if got := w.String(); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want it to begin with %q", got, c.want)
			}
		})
	}
}

func TestLoggerRefuses(t *testing.T) {
	for _, l := range []telemetry.Log{{Level: "loud"}, {Format: "xml"}} {
		_, err := l.Logger(&bytes.Buffer{}, false)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "use ") {
			t.Errorf("%+v: got %v, want an invalid fault that says what to use", l, err)
		}
	}
}

func page(t *testing.T, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler(func(context.Context) {}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestMetrics(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Observe("triage", 20*time.Millisecond, nil)
	m.Observe("triage", time.Second, fault.New(fault.Unavailable, "throttled"))
	m.Sent("triage", 3)
	m.Lost(2)
	m.Event("eventbridge")
	m.Event("eventbridge")
	m.Duplicate("s3")
	m.DeadLetter("not-json")
	m.Finding("rule", "high")
	m.Tickets(map[string]int{"open": 3, "human": 1})
	m.Tickets(map[string]int{"closed": 4})
	m.Effects(map[string]int{"done": 2})
	m.Brake(true)
	m.Archive(7)
	m.Call("S3", "read", 7*time.Millisecond)
	got := page(t, m)
	for _, want := range []string{
		`jobzero_leg_duration_seconds_count{leg="triage"} 2`,
		`jobzero_leg_duration_seconds_bucket{leg="triage",le="0.025"} 1`,
		`jobzero_leg_errors_total{code="unavailable",leg="triage"} 1`,
		`jobzero_hints_sent_total{leg="triage"} 3`,
		"jobzero_hints_lost_total 2",
		`jobzero_events_total{source="eventbridge"} 2`,
		`jobzero_duplicate_events_total{source="s3"} 1`,
		`jobzero_dead_letters_total{reason="not-json"} 1`,
		`jobzero_findings_total{kind="rule",severity="high"} 1`,
		`jobzero_tickets{state="closed"} 4`,
		`jobzero_tickets{state="open"} 0`,
		`jobzero_tickets{state="human"} 0`,
		`jobzero_effects{state="done"} 2`,
		"jobzero_brake_on 1",
		"jobzero_archive_parts_left 7",
		`jobzero_aws_call_seconds_bucket{kind="read",service="S3",le="0.01"} 1`,
		"go_goroutines ",
	} {
		if !strings.Contains(got, want+"\n") && !strings.Contains(got, "\n"+want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	m.Brake(false)
	if !strings.Contains(page(t, m), "jobzero_brake_on 0\n") {
		t.Error("the brake does not go off")
	}
}

func TestMetricsStayBounded(t *testing.T) {
	m := telemetry.NewMetrics()
	for i := range 5000 {
		m.DeadLetter(fmt.Sprintf("reason %d", i))
	}
	got := page(t, m)
	if n := strings.Count(got, "jobzero_dead_letters_total{"); n > 101 {
		t.Errorf("%d series for one measure: a hostile input can fill the memory", n)
	}
	if !strings.Contains(got, `jobzero_dead_letters_total{reason="other"} 4900`) {
		t.Error("what comes after the bound is not counted as other")
	}
}
