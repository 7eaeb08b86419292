package ledger

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed stored.txt
var storedText string

var storedActions = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(storedText) {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			out[name] = true
		}
	}
	return out
})

// stored reports whether an action reads or writes what is stored, though CloudTrail takes it for management.
func stored(action string) bool { return storedActions()[action] }
