package browser_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jobzero/test/browser/seed"
)

// send posts a form as the page itself would, and gives the page that follows.
func (h *house) send(t *testing.T, path string, form url.Values) (status int, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", h.url)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// forecast has the rule of the archive's records forecast, and waits for it.
func (h *house) forecast(t *testing.T) string {
	t.Helper()
	path := "/detections/" + seed.Rule + "/forecast"
	if status, text := h.send(t, path, url.Values{"days": {"30"}}); status != http.StatusOK {
		t.Fatalf("ask for a forecast: %d\n%s", status, text)
	}
	for {
		if text := h.text(t, path); !strings.Contains(text, "are being read") {
			return text
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the forecast is never done")
		}
	}
}

// A rule is tried in the console before it is trusted: on a record, and on the archive.
func TestARuleIsTriedOnARecordAndOnTheArchive(t *testing.T) {
	h := open(t, "", seed.Size{Tickets: 20, Findings: 40, Resources: 20, Letters: 1})
	text := h.forecast(t)
	for _, want := range []string{"<strong>117</strong> <span>alerts", "<strong>9</strong> <span>at most a day", "worker-00", "<rect "} {
		if !strings.Contains(text, want) {
			t.Errorf("the forecast does not say %q:\n%s", want, text)
		}
	}
	explain := "/detections/" + seed.Rule + "/explain"
	record := seed.Login(time.Now(), 1)
	for _, c := range []struct{ records, want string }{
		{record, "<h2>fired"},
		{strings.Replace(record, `"MFAUsed":"No"`, `"MFAUsed":"Yes"`, 1), "<h2>did not fire"},
		{`{"Records":[` + record + `,` + strings.Replace(record, "ConsoleLogin", "Other", 1) + `]}`, "<h2>fired"},
		{"this is no record", "Not read:"},
	} {
		if status, text := h.send(t, explain, url.Values{"records": {c.records}}); status != http.StatusOK || !strings.Contains(text, c.want) {
			t.Errorf("%.40s: %d, and not %q:\n%s", c.records, status, c.want, text)
		}
	}
	for path, form := range map[string]url.Values{
		explain:                                  {"records": {" "}},
		"/detections/" + seed.Rule + "/forecast": {"days": {"a lot"}},
	} {
		if status, text := h.send(t, path, form); status != http.StatusBadRequest {
			t.Errorf("%s takes %v: %d\n%s", path, form, status, text)
		}
	}
	if status, _ := h.send(t, explain, url.Values{"records": {strings.Repeat("x", 2<<20)}}); status != http.StatusBadRequest {
		t.Errorf("two megabytes are taken: %d", status)
	}
}
