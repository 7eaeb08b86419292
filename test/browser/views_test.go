package browser_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jobzero/test/browser/seed"
)

// A filter that somebody has given a name is there for them the next time, until they forget it.
func TestAViewIsKeptAndForgotten(t *testing.T) {
	h := open(t, "", seed.Size{Tickets: 20, Findings: 40, Resources: 20, Letters: 1})
	const link = `<a href="/tickets?severity=high&amp;state=human"`
	keep := url.Values{"name": {" Worst <b>first</b>"}, "query": {"severity=high&state=human&owner=&after=X"}}
	status, text := h.send(t, "/tickets/views", keep)
	if status != http.StatusOK || !strings.Contains(text, link+` aria-current="true">Worst &lt;b&gt;first&lt;/b&gt;</a>`) || !strings.Contains(text, "Forget the view") {
		t.Errorf("keep a view: %d\n%s", status, text)
	}
	if text := h.text(t, "/tickets"); !strings.Contains(text, link+">Worst") {
		t.Errorf("it is not there the next time:\n%s", text)
	}
	for what, form := range map[string]url.Values{
		"no name":     {"name": {" "}, "query": {"state=human"}},
		"no filter":   {"name": {"x"}, "query": {"older=soon"}},
		"not a query": {"name": {"x"}, "query": {"%zz"}},
		"long":        {"name": {strings.Repeat("x", 100)}, "query": {"state=human"}},
	} {
		if status, text := h.send(t, "/tickets/views", form); status != http.StatusBadRequest {
			t.Errorf("%s: %d\n%s", what, status, text)
		}
	}
	for i := range 30 {
		status, _ = h.send(t, "/tickets/views", url.Values{"name": {"view " + string(rune('A'+i))}, "query": {"state=human"}})
		if want := map[bool]int{true: http.StatusOK, false: http.StatusConflict}[i < 29]; status != want {
			t.Errorf("view %d: %d, want %d", i+2, status, want)
		}
	}
	if status, text := h.send(t, "/tickets/views", url.Values{"name": {"Worst <b>first</b>"}, "forget": {"1"}}); status != http.StatusOK || strings.Contains(text, "Worst") {
		t.Errorf("forget it: %d\n%s", status, text)
	}
}
