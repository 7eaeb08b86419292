package pulse_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/fault"
	"jobzero/internal/pulse"
	"jobzero/internal/telemetry"
)

func none(string) aws.Config { return aws.Config{} }

// TestHealthCheck: a beat asks for the address as it was told to; what answers otherwise is an error that does not show the address.
func TestHealthCheck(t *testing.T) {
	var asked []string
	status := http.StatusOK
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		w.WriteHeader(status)
	}))
	defer s.Close()
	c := pulse.DefaultConfig()
	c.URL, c.Method = telemetry.Secret(s.URL+"/ping/made-up-secret"), http.MethodPost
	h := pulse.New(c, none)
	if err := h.Beat(t.Context(), time.Now()); err != nil || strings.Join(asked, ",") != "POST /ping/made-up-secret" {
		t.Errorf("%v, asked %v", err, asked)
	}
	status = http.StatusFound // where it leads is not asked
	if err := h.Beat(t.Context(), time.Now()); !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "made-up-secret") || len(asked) != 2 {
		t.Errorf("%v, asked %v", err, asked)
	}
	s.Close()
	if err := h.Beat(t.Context(), time.Now()); !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "made-up-secret") {
		t.Errorf("nobody there: %v", err)
	}
}

// TestMetric: a beat is a value of the metric, in the namespace and for the house of the settings. This is a contract test at the HTTP layer: the
// SDK speaks Smithy's RPC v2 with CBOR to CloudWatch, which moto 5.2.1 does not know.
func TestMetric(t *testing.T) {
	var path, text string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		zipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body, err := io.ReadAll(zipped)
		if err != nil {
			t.Error(err)
		}
		path, text = r.URL.Path, string(body)
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.Header().Set("Content-Type", "application/cbor")
		_, _ = w.Write([]byte{0xa0}) // an empty map
	}))
	defer s.Close()
	c := pulse.DefaultConfig()
	c.Metric = pulse.Watch{Namespace: "example", House: "one", Region: "eu-central-1"}
	hub := func(region string) aws.Config {
		return aws.Config{
			Region: region, BaseEndpoint: &s.URL, RetryMaxAttempts: 1,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "made-up"}, nil
			}),
		}
	}
	if err := pulse.New(c, hub).Beat(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, "/operation/PutMetricData") {
		t.Errorf("asked for %s", path)
	}
	for _, want := range []string{"example", pulse.Metric, "House", "one", "Count"} {
		if !strings.Contains(text, want) {
			t.Errorf("the request lacks %q: %q", want, text)
		}
	}
	s.Close()
	if err := pulse.New(c, hub).Beat(t.Context(), time.Now()); err == nil || !strings.Contains(err.Error(), "put metric Heartbeat of example") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestConfig(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*pulse.Config)
		want   string
	}{
		"url":       {func(c *pulse.Config) { c.URL = "ftp://made-up-secret" }, "pulse.url"},
		"method":    {func(c *pulse.Config) { c.Method = "PUT" }, "pulse.method"},
		"every":     {func(c *pulse.Config) { c.Every = 0 }, "pulse.every"},
		"stuck":     {func(c *pulse.Config) { c.Stuck = time.Second }, "pulse.stuck"},
		"namespace": {func(c *pulse.Config) { c.Metric.Namespace = "a b" }, "pulse.metric.namespace"},
		"house":     {func(c *pulse.Config) { c.Metric.House = "a b" }, "pulse.metric.house"},
		"region":    {func(c *pulse.Config) { c.Metric.Region = "here" }, "pulse.metric.region"},
	} {
		conf := pulse.DefaultConfig()
		c.change(&conf)
		if err := conf.Validate(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "made-up-secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c := pulse.DefaultConfig(); c.Validate() != nil || c.On() {
		t.Errorf("%v, on: %t", c.Validate(), c.On())
	}
}

// TestStuck: what is due and does not move is stuck; a backlog that moves is not, and neither is what nobody has waited for long enough.
func TestStuck(t *testing.T) {
	s := pulse.Stuck{After: 15 * time.Minute}
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i := range 40 {
		at := noon.Add(time.Duration(i) * time.Minute)
		got := s.Look(map[string]time.Time{"still": noon.Add(-time.Hour), "moves": at.Add(-time.Hour)}, at)
		if want := i >= 15; (len(got) == 1 && got[0] == "still") != want || len(got) > 1 {
			t.Fatalf("after %d minutes: %v", i, got)
		}
	}
	if got := s.Look(map[string]time.Time{"moves": noon}, noon.Add(time.Hour)); len(got) != 0 {
		t.Errorf("done, and stuck: %v", got)
	}
	if got := pulse.Say([]string{"triage"}, time.Minute, "", "no rota"); got != "leg triage has not moved for 1m0s; no rota" {
		t.Error(got)
	}
}
