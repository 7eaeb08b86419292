// Package testcorpus gives tests the published, labelled data that nobody here wrote.
//
// It is: one place that knows where the corpus lies and what to do where it does not.
// It takes: a folder named in JOBZERO_CORPUS, else ../shared/data as seen from the folder of go.mod.
// It gives: the path of one of its folders or files.
// Next door: the corpus tests of source, event, principal, finding, detect and expect.
package testcorpus

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

const beside = "../shared/data"

// Path is the path of a folder or file of the corpus. Where it is absent the test is skipped, or fails when
// JOBZERO_REQUIRE_CORPUS is 1.
func Path(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := cmp.Or(os.Getenv("JOBZERO_CORPUS"), beside)
	if !filepath.IsAbs(root) {
		root = filepath.Join(module(tb), root) // every test runs in a folder of its own: all must mean the same place
	}
	path := filepath.Join(root, filepath.Join(parts...))
	_, err := os.Stat(path)
	switch absent := errors.Is(err, fs.ErrNotExist); {
	case absent && os.Getenv("JOBZERO_REQUIRE_CORPUS") == "1":
		tb.Fatalf("the corpus is required here and has no %s: put the data there, or name its folder in JOBZERO_CORPUS", path)
	case absent:
		tb.Skipf("the corpus has no %s: put the data there, or name its folder in JOBZERO_CORPUS", path)
	case err != nil:
		tb.Fatalf("look for the corpus: %v", err)
	}
	return path
}

// module is the folder of go.mod, at or above the folder in which the test runs.
func module(tb testing.TB) string {
	tb.Helper()
	start, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for dir := start; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	tb.Fatalf("no go.mod in %s or above it: run the test in the repository, or set JOBZERO_CORPUS to an absolute path", start)
	return ""
}
