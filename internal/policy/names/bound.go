package names

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed rcpservices.txt
var boundText string

var boundServices = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(boundText) {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			out[name] = true
		}
	}
	return out
})

// Bound reports whether resource control policies bind the resources of a service, by the name before the colon of its actions.
func Bound(service string) bool { return boundServices()[service] }
