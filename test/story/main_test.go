// Package story holds the promises of the manual as tests: the whole program as a process of its own, against a real
// emulator, through the real API.
package story

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"jobzero/internal/testmoto"
	"jobzero/test/world"
)

var (
	program string // the binary under test
	absent  string // why the stories cannot be told here; empty when they can
	shared  *world.World
)

func TestMain(m *testing.M) { os.Exit(tell(m)) }

func tell(m *testing.M) int {
	dir, err := os.MkdirTemp("", "jobzero-story-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "jobzero")
	build := exec.Command("go", "build", "-o", program, "jobzero/cmd/jobzero")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build jobzero: %v\n%s", err, out)
		return 1
	}
	shared, err = world.New(context.Background())
	switch {
	case errors.Is(err, testmoto.ErrNotFound) && os.Getenv(testmoto.EnvRequire) != "1":
		absent = err.Error()
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	default:
		defer shared.Stop()
	}
	return m.Run()
}

// begin gives a story a house of its own in the shared world. Stories run one after the other: they share the queue.
func begin(t *testing.T, o world.Options) *world.House {
	t.Helper()
	if absent != "" {
		t.Skip(absent)
	}
	o.Program, o.Dir = program, t.TempDir()
	h, err := shared.House(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		h.Kill()
		if t.Failed() {
			t.Logf("the end of its log:\n%s", world.Tail(h.Log(), 60))
		}
	})
	return h
}

func start(t *testing.T, h *world.House) {
	t.Helper()
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}
