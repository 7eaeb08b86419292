package builtin_test

import (
	"os"
	"strings"
	"testing"

	"jobzero/internal/inventory/builtin"
)

// TestTouchesCanBeRead: what an event touches is of a type that somebody can read.
func TestTouchesCanBeRead(t *testing.T) {
	read := map[string]bool{}
	for _, r := range builtin.Readers() {
		read[string(r.Type())] = true
	}
	text, err := os.ReadFile("../touches.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 2 && f[0] != "#" && !read[f[2]] {
			t.Errorf("nobody reads %s", f[2])
		}
	}
}
