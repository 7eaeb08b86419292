package gates

import (
	"os"
	"strings"
	"testing"
)

// notes are lines "KEY: reason"; each has to be needed.
type notes struct {
	file string
	why  map[string]string
	used map[string]bool
}

func reasons(t *testing.T, file string) *notes {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n := &notes{file, map[string]string{}, map[string]bool{}}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, why, ok := strings.Cut(line, ": ")
		if !ok || strings.TrimSpace(why) == "" {
			t.Errorf("%s: %q: want KEY: reason", file, line)
		}
		n.why[key] = why
	}
	return n
}

// take reports whether there is a reason for a key.
func (n *notes) take(key string) bool {
	_, ok := n.why[key]
	n.used[key] = n.used[key] || ok
	return ok
}

func (n *notes) stale(t *testing.T) {
	t.Helper()
	for key := range n.why {
		if !n.used[key] {
			t.Errorf("%s: %s is no longer needed: take the line out", n.file, key)
		}
	}
}
