package console_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatOthersMadeIsUnchanged holds the files of others against the checksums of what they published: vendored.txt, which test/vendored.sh writes.
func TestWhatOthersMadeIsUnchanged(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("vendored.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"style.css": true, "keys.js": true, "chart.js": true, "icon.svg": true} // ours
	for line := range strings.Lines(string(text)) {
		want, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("vendored.txt: %q", line)
		}
		body, err := os.ReadFile(filepath.Join("static", name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s was changed: its SHA-256 is %s, and %s was published", name, got, want)
		}
		known[name] = true
	}
	all, err := os.ReadDir("static")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !known[f.Name()] {
			t.Errorf("static/%s is neither ours nor in vendored.txt", f.Name())
		}
	}
}
