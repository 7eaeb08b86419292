package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRun: it writes a folder and says what is in it and how to use it.
func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	var out strings.Builder
	if err := run([]string{"-out", dir, "-events", "50", "-plant", "10"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`50 records in \d+ objects`, `\(\d+\.\d to 1\), \d+ bytes a record`, `1 for the rule [a-z0-9-]+\n`, `jobzero replay .*/AWSLogs `} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("nothing like %q in:\n%s", want, out.String())
		}
	}
	for _, name := range []string{"AWSLogs", "manifest.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestRunRefuses: what cannot be meant is said, and nothing is written.
func TestRunRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	for name, args := range map[string][]string{
		"no folder": {}, "no events": {"-out", dir, "-events", "0"}, "no span": {"-out", dir, "-span", "0s"}, "an argument": {"-out", dir, "more"},
	} {
		if err := run(args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "-out DIR") {
			t.Errorf("%s: %v", name, err)
		}
	}
	var help strings.Builder
	if err := run([]string{"-h"}, io.Discard, &help); !errors.Is(err, flag.ErrHelp) || !strings.Contains(help.String(), "-seed") {
		t.Errorf("the help is %q (%v)", help.String(), err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder was made: %v", err)
	}
}
