package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const theirs = `[{"name": "t000.json", "not_compliant": [{"Rule": {"name": "a", "messages": {"custom_message": null}, "checks": [
 {"Rule": {"messages": {"custom_message": "\n [CT.S3.PR.11]: Require"}, "checks": [{"Clause": {"check": {"UnResolved": {"traversed_to": {"path": "/Resources/Data/Properties"}}}}}]}}]}}]}]`

// TestRun wants the same resources, not only as many of them.
func TestRun(t *testing.T) {
	for ours, want := range map[string]bool{
		`{"expectation": "s3-bucket-versioned", "verdict": "fail", "resource": "Data", "file": "x/t000.json"}`: true,
		`{"expectation": "s3-bucket-versioned", "verdict": "fail", "resource": "Logs", "file": "x/t000.json"}`: false,
		`{"expectation": "s3-bucket-versioned", "verdict": "pass", "resource": "Data", "file": "x/t000.json"}`: false,
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"table": "# theirs, ours\nCT.S3.PR.11 s3-bucket-versioned\n", "theirs": theirs, "ours": ours} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out strings.Builder
		same, err := run(filepath.Join(dir, "table"), filepath.Join(dir, "theirs"), filepath.Join(dir, "ours"), &out)
		if err != nil || same != want {
			t.Errorf("%s: %v, %v, want %v:\n%s", ours, same, err, want, out.String())
		}
	}
}
