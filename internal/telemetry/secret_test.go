package telemetry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/goccy/go-yaml"

	"jobzero/internal/telemetry"
)

const hidden = "hunter2-password"

// TestSecretIsNeverPrinted tries every way to print that the standard library and our YAML library offer.
func TestSecretIsNeverPrinted(t *testing.T) {
	type box struct {
		Key telemetry.Secret            `json:"key" yaml:"key"`
		Map map[string]telemetry.Secret `json:"map" yaml:"map"`
		Ptr *telemetry.Secret           `json:"ptr" yaml:"ptr"`
	}
	s := telemetry.Secret(hidden)
	b := box{Key: s, Map: map[string]telemetry.Secret{"a": s}, Ptr: &s}
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%20s", "%c", "%U"} {
		out["secret "+verb] = fmt.Sprintf(verb, s)
		out["struct "+verb] = fmt.Sprintf(verb, b)
	}
	out["error"] = fmt.Errorf("open %v: %w", s, fmt.Errorf("%s", s)).Error()
	var text bytes.Buffer
	slog.New(slog.NewJSONHandler(&text, nil)).Info("m", "s", s, "b", b, "g", slog.GroupValue(slog.Any("s", s)))
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "s", s, "b", b)
	out["slog"] = text.String()
	for name, marshal := range map[string]func(any) ([]byte, error){"json": json.Marshal, "yaml": yaml.Marshal} {
		got, err := marshal(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(got)
	}
	text.Reset()
	if err := template.Must(template.New("t").Parse("{{.Key}} {{.}}")).Execute(&text, b); err != nil {
		t.Fatal(err)
	}
	out["template"] = text.String()

	hex := fmt.Sprintf("%x", hidden)
	for how, got := range out {
		if strings.Contains(got, hidden) || strings.Contains(strings.ToLower(strings.ReplaceAll(got, " ", "")), hex) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
	}
	if s.Reveal() != hidden {
		t.Error("Reveal does not give the text")
	}
	if got := telemetry.Secret("").String(); got != "" {
		t.Errorf("an empty secret shows as %q, want nothing", got)
	}
}

func TestSecretReadsFromYAML(t *testing.T) {
	var got struct {
		Key telemetry.Secret `yaml:"key"`
	}
	if err := yaml.Unmarshal([]byte("key: "+hidden), &got); err != nil || got.Key.Reveal() != hidden {
		t.Errorf("got %q, %v", got.Key.Reveal(), err)
	}
}
