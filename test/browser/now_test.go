package browser_test

import (
	"strings"
	"testing"

	"jobzero/test/browser/seed"
)

// The first page says what runs out: who is asked next, and until when something has to be fixed.
func TestTheFirstPageHasTheClocks(t *testing.T) {
	h := open(t, "", seed.Size{Tickets: 60, Findings: 90, Resources: 20, Letters: 1})
	text := h.text(t, "/")
	for _, want := range []string{`<a href="/pages/`, "the next level is asked in ", "to be fixed "} {
		if !strings.Contains(text, want) {
			t.Errorf("the first page does not say %q:\n%s", want, text)
		}
	}
}
