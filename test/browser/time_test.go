package browser_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"jobzero/test/browser/seed"
)

// text is a page as it comes.
func (h *house) text(tb testing.TB, path string) string {
	tb.Helper()
	_, body, _ := get(tb, h.url+path)
	return string(body)
}

// get asks for a page and gives how long the answer took, all of it.
func get(tb testing.TB, url string) (status int, body []byte, took time.Duration) {
	tb.Helper()
	began := time.Now()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err = io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return res.StatusCode, body, time.Since(began)
}

// TestEveryPageAnswers asks for every page without a browser.
func TestEveryPageAnswers(t *testing.T) {
	h := open(t, "", seed.Size{Tickets: 400, Findings: 900, Resources: 600, Letters: 12})
	for _, p := range pages(t, h.settings) {
		want := map[string]int{"nowhere": http.StatusNotFound, "wrong": http.StatusBadRequest}[p.name]
		if want == 0 {
			want = http.StatusOK
		}
		status, body, took := get(t, h.url+p.path)
		t.Logf("%-20s %d %6d bytes %s", p.name, status, len(body), took)
		if status != want {
			t.Errorf("%s: %d, want %d", p.path, status, want)
		}
	}
}
