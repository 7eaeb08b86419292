package app_test

import (
	"net/http"
	"strings"
	"testing"

	"jobzero/internal/app"
	"jobzero/internal/telemetry"
)

// TestDirectoriesTellOnlyWithTheToken: without one in the settings there is no door; with it a directory's word is kept.
func TestDirectoriesTellOnlyWithTheToken(t *testing.T) {
	const token = "made-up-token-of-a-test-0123456789"
	for _, set := range []string{"", token} {
		c := settings(t)
		c.SCIM.Token = telemetry.Secret(set)
		h, err := app.New(t.Context(), c, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		for shown, want := range map[string]map[string]int{
			"":    {"": http.StatusNotFound, token: http.StatusUnauthorized},
			token: {"": http.StatusNotFound, token: http.StatusCreated},
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+h.Address().String()+"/scim/v2/Users", strings.NewReader(`{"userName":"ana@example.com"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+shown)
			req.Header.Set("Content-Type", "application/scim+json")
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want[set] {
				t.Errorf("settings with %d bytes of token, request with %d: %s", len(set), len(shown), res.Status)
			}
		}
		if err := h.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
