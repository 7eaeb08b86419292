package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestEveryCommandExplainsItself walks the tree: each command says what it is, shows an example of itself, and its flags have
// words.
func TestEveryCommandExplainsItself(t *testing.T) {
	s := &shell{in: &bytes.Buffer{}, out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: time.Now}
	seen := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		path := c.CommandPath()
		seen[path] = true
		if c.Short == "" || c.Long == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: wants a short text without a full stop and a long one", path)
		}
		own := c.Root().Name()
		if words := strings.Fields(path); len(words) > 1 {
			own = words[1]
		}
		if !strings.Contains(c.Example, own) {
			t.Errorf("%s: its example does not show it: %q", path, c.Example)
		}
		for _, l := range strings.Split(c.Long, "\n") {
			if !strings.Contains(path, "completion") && len([]rune(l)) > 130 {
				t.Errorf("%s: a line of the long text is too wide: %q", path, l)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(s.root())
	for _, want := range []string{
		"replay", "hunt", "explain", "rules check", "serve", "config check", "config example", "deadletter list", "deadletter show", "deadletter replay",
		"ticket list", "ticket show", "ticket close", "ticket reopen", "finding list", "finding show",
		"action list", "action plan", "action undo", "stop-enforcing", "resume-enforcing", "test", "audit verify", "version", "completion bash",
	} {
		if !seen["jobzero "+want] {
			t.Errorf("there is no command %q", want)
		}
	}
}
