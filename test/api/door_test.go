package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/store"
)

// post sends a form as a browser does.
func (w *town) post(path string, form url.Values, more ...string) reply {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(more); i += 2 {
		req.Header.Set(more[i], more[i+1])
	}
	return w.send(req)
}

// link makes a one-time link and gives its secret.
func (w *town) link(now time.Time) string {
	w.t.Helper()
	l, path, err := auth.NewLink("mia", []auth.Role{auth.Admin}, now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(func(tx *store.Tx) error { return tx.SaveLink(w.t.Context(), l) })
	return strings.TrimPrefix(path.Reveal(), auth.LinkPath)
}

// TestALinkWorksOnce: looking at it does not use it up, using it does, and one that has expired opens nothing.
func TestALinkWorksOnce(t *testing.T) {
	w := settle(t)
	secret := w.link(time.Now())
	if got := w.ask("nobody", "GET", auth.LinkPath+secret, "", "Accept", "text/html"); got.status != http.StatusOK || got.header.Get("Set-Cookie") != "" {
		t.Errorf("looking: %d %v", got.status, got.header)
	}
	in := w.post("/auth/link", url.Values{"secret": {secret}})
	cookie := in.header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie is %q, without %s", cookie, want)
		}
	}
	value, _, _ := strings.Cut(cookie, ";")
	if got := w.ask("nobody", "GET", "/api/v1/whoami", "", "Cookie", value); got.status != http.StatusOK || !strings.Contains(string(got.body), `"local:mia"`) {
		t.Errorf("in: %d %s", got.status, got.body)
	}
	if got := w.post("/auth/link", url.Values{"secret": {secret}}); got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
		t.Errorf("for the second time: %d %s", got.status, got.body)
	}
	if got := w.post("/auth/link", url.Values{"secret": {w.link(time.Now().Add(-auth.LinkTime))}}); got.status != http.StatusForbidden {
		t.Errorf("expired: %d", got.status)
	}
	// Signing in again begins a new session and ends the one before; signing out ends that.
	again := w.post("/auth/link", url.Values{"secret": {w.link(time.Now())}}, "Cookie", value)
	next, _, _ := strings.Cut(again.header.Get("Set-Cookie"), ";")
	if next == value || next == "" {
		t.Errorf("the session was not changed: %q", next)
	}
	w.post("/auth/leave", nil, "Cookie", next)
	for _, old := range []string{value, next} {
		if got := w.ask("nobody", "GET", "/api/v1/whoami", "", "Cookie", old); got.status != http.StatusUnauthorized {
			t.Errorf("a session that has ended: %d", got.status)
		}
	}
}

// TestSessionsEnd when nobody uses them, when their time is up, and when the person has gone from org.yaml.
func TestSessionsEnd(t *testing.T) {
	w := settle(t)
	now := time.Now().UTC()
	for name, v := range map[string]auth.Visit{
		"idle":     {Who: "rex", Kind: auth.Person, Seen: now.Add(-9 * time.Hour), Ends: now.Add(time.Hour)},
		"over":     {Who: "rex", Kind: auth.Person, Seen: now, Ends: now.Add(-time.Second)},
		"stranger": {Who: "gone", Kind: auth.Person, Seen: now, Ends: now.Add(time.Hour)},
	} {
		v.Hash = sum(name)
		w.do(func(tx *store.Tx) error { return tx.SaveVisit(t.Context(), v) })
		if got := w.ask("nobody", "GET", "/api/v1/whoami", "", "Cookie", "jobzero="+name); got.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		err := w.store.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Visit(t.Context(), v.Hash); return err })
		if err == nil {
			t.Errorf("%s: the row is still there", name)
		}
	}
}

// TestTokensEnd when they are revoked, and open nothing with another secret.
func TestTokensEnd(t *testing.T) {
	w := settle(t)
	bearer := func(token string) int {
		return w.ask("nobody", "GET", "/api/v1/whoami", "", "Authorization", "Bearer "+token).status
	}
	if got := bearer(w.token); got != http.StatusOK {
		t.Fatalf("live: %d", got)
	}
	for _, wrong := range []string{w.token + "x", w.token[:len(w.token)-1], "jobzero_01token_", "jobzero__x", "x", ""} {
		if got := bearer(wrong); got != http.StatusUnauthorized {
			t.Errorf("%q: %d", wrong, got)
		}
	}
	if got := w.ask("ada", "POST", "/api/v1/tokens/01token/revoke", ""); got.status != http.StatusOK {
		t.Fatalf("revoke: %d %s", got.status, got.body)
	}
	if got := bearer(w.token); got != http.StatusUnauthorized {
		t.Errorf("revoked: %d", got)
	}
}

// TestBruteForceIsLimited: after some failures from a source nothing is tried any more, while those who are in go on.
func TestBruteForceIsLimited(t *testing.T) {
	w := settle(t)
	for name, try := range map[string]func() reply{
		"links": func() reply { return w.post("/auth/link", url.Values{"secret": {"wrong"}}) },
		"tokens": func() reply {
			return w.ask("nobody", "GET", "/api/v1/whoami", "", "Authorization", "Bearer jobzero_01token_wrong")
		},
	} {
		statuses := map[int]int{}
		for range 100 {
			statuses[try().status]++
		}
		if failed := statuses[http.StatusForbidden] + statuses[http.StatusUnauthorized]; failed != 20 || statuses[http.StatusTooManyRequests] != 80 {
			t.Errorf("%s: %v", name, statuses)
		}
		if try().header.Get("Retry-After") == "" {
			t.Errorf("%s: nobody says when to try again", name)
		}
	}
	if got := w.ask("rex", "GET", "/api/v1/whoami", ""); got.status != http.StatusOK {
		t.Errorf("who is in: %d", got.status)
	}
}

// TestWhoIsNobodyIsSentToThePage says where to sign in, to people; to programs it says what to show.
func TestWhoIsNobodyIsSentToThePage(t *testing.T) {
	w := settle(t)
	got := w.ask("nobody", "GET", "/api/v1/tickets", "")
	if got.status != http.StatusUnauthorized || got.header.Get("Content-Type") != "application/problem+json" || got.header.Get("WWW-Authenticate") == "" {
		t.Errorf("a program: %d %v %s", got.status, got.header, got.body)
	}
	if got := w.ask("nobody", "GET", "/auth", "", "Accept", "text/html"); !strings.Contains(string(got.body), "jobzero auth link") {
		t.Errorf("without a provider: %s", got.body)
	}
}
