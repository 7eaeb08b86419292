package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// gates says of every route who gets in: y, who is turned away as nobody: 0, and who may not: n. The columns are visitors; o is who may with
// what belongs to its team, and may not with what belongs to another.
var gates = map[string]string{
	//                         nobody rita vic olga rex apu ada token
	"whoami":                  "0yyyyyyy",
	"list-tickets":            "0nyyyyyy",
	"show-ticket":             "0nyyyyyy",
	"close-ticket":            "0nnoyyny",
	"reopen-ticket":           "0nnoyyny",
	"review-ticket":           "0nnoyyny",
	"assign-ticket":           "0nnoyyny",
	"comment-ticket":          "0nnoyyny",
	"list-findings":           "0nyyyyyy",
	"show-finding":            "0nyyyyyy",
	"list-findings-of-ticket": "0nyyyyyy",
	"list-runs":               "0nyyyyyy",
	"show-run":                "0nyyyyyy",
	"pause-run":               "0nnoyyny",
	"resume-run":              "0nnoyyny",
	"cancel-run":              "0nnoyyny",
	"undo-run":                "0nnoyyny",
	"approve-step":            "0nnnnynn",
	"deny-step":               "0nnnnynn",
	"finish-step":             "0nnoyyny",
	"fail-step":               "0nnoyyny",
	"list-dead-letters":       "0nnnyyyy",
	"show-dead-letter":        "0nnnyyyy",
	"replay-dead-letter":      "0nnnynyy",
	"show-duty":               "0nyyyyyy",
	"list-shifts":             "0nyyyyyy",
	"list-handoffs":           "0nyyyyyy",
	"show-handoff":            "0nyyyyyy",
	"accept-handoff":          "0yyyyyyy",
	"note-handoff":            "0yyyyyyy",
	"list-rota-changes":       "0nyyyyyy",
	"show-rota-change":        "0nyyyyyy",
	"override-rota":           "0nnnyyny", // of a rota that is no team's
	"swap-shifts":             "0nnnyyny",
	"take-duty":               "0nnnyyny",
	"take-leave":              "0nnnyyny",
	"withdraw-rota-change":    "0yyyyyyy",
	"list-pages":              "0nyyyyyy",
	"show-page":               "0nyyyyyy",
	"ack-page":                "0nnoyyny",
	"snooze-page":             "0nnoyyny",
	"escalate-page":           "0nyyyyyy",
	"show-enforcing":          "0nyyyyyy",
	"stop-enforcing":          "0nnnyyyy",
	"resume-enforcing":        "0nnnnyny",
	"list-detections":         "0nyyyyyy",
	"list-expectations":       "0nyyyyyy",
	"list-waivers":            "0nyyyyyy",
	"list-scores":             "0nyyyyyy",
	"list-tokens":             "0nnnnnyy",
	"revoke-token":            "0nnnnnyy",
	"list-records":            "0nnnnnyy",
	"list-webhooks":           "0nnnnnyy",
	"show-webhook":            "0nnnnnyy",
	"add-webhook":             "0nnnnnyy",
	"rotate-webhook":          "0nnnnnyy",
	"resume-webhook":          "0nnnnnyy",
	"remove-webhook":          "0nnnnnyy",
	"test-webhook":            "0nnnnnyy",
	"watch":                   "0nyyyyyy",
}

// path is a route's path to what belongs to a team.
func path(pattern, team string) string {
	id := map[string]string{"tickets": "01TICKET-" + team, "findings": "finding-of-" + team, "runs": "01RUN-" + team, "dead-letters": "01LETTER", "handoffs": "none", "tokens": "none", "changes": "none", "webhooks": "none", "pages": "01PAGE-" + team}
	step := "ask"
	if strings.HasSuffix(pattern, "/done") || strings.HasSuffix(pattern, "/failed") {
		step = "task"
	}
	for noun, name := range id {
		pattern = strings.Replace(pattern, "/"+noun+"/{id}", "/"+noun+"/"+name, 1)
	}
	return strings.Replace(pattern, "{step}", step, 1)
}

// TestEveryRouteAndRole tries every route as everybody, with what belongs to the visitor's team and what belongs to another. A route without a row fails.
func TestEveryRouteAndRole(t *testing.T) {
	w := settle(t)
	var known []string
	for _, r := range w.house.Rest().Routes() {
		known = append(known, r.ID)
		row, ok := gates[r.ID]
		if !ok || len(row) != len(visitors) {
			t.Errorf("%s %s (%s) has no row in the table of this test", r.Method, r.Path, r.ID)
			continue
		}
		if r.ID == "watch" {
			continue // it does not end: TestOnlyWhoMayLookWatches
		}
		body := ""
		if r.Method != http.MethodGet {
			if body = said(r.ID); strings.HasPrefix(r.Path, "/api/v1/webhooks/") {
				body = ""
			}
		}
		switch r.ID {
		case "assign-ticket":
			body = `{"reason":"a test","person":"rex"}`
		case "comment-ticket":
			body = `{"text":"a test"}`
		}
		for i, who := range visitors {
			for _, team := range []string{"shop", "bank"} {
				got := w.ask(who, r.Method, path(r.Path, team), body)
				want := row[i]
				if want == 'o' {
					want = map[string]byte{"shop": 'y', "bank": 'n'}[team]
				}
				if is := let(got.status); is != want {
					t.Errorf("%s as %s to the %s: %d %s, want %c", r.ID, who, team, got.status, got.body, want)
				}
				headers(t, r.ID, others, got.header)
			}
		}
	}
	for id := range gates {
		if !slices.Contains(known, id) {
			t.Errorf("the table has %s, which is no route", id)
		}
	}
}

// said is a body that a route takes: what is not understood would be refused before anybody looks who asks.
func said(route string) string {
	switch route {
	case "replay-dead-letter", "accept-handoff", "revoke-token":
		return ""
	case "review-ticket":
		return `{"reason":"a test","right":true}`
	case "ack-page":
		return `{}`
	case "snooze-page":
		return `{"for":"1m"}`
	case "note-handoff":
		return `{"text":"a test"}`
	case "override-rota":
		return `{"reason":"a test","person":"rosa","from":"2030-12-24T09:00:00Z","until":"2030-12-24T12:00:00Z"}`
	case "swap-shifts":
		return `{"reason":"a test","first":"2030-12-24T09:00:00Z","second":"2030-12-25T09:00:00Z"}`
	case "take-leave":
		return `{"reason":"a test","person":"rosa","first":"2030-12-24","last":"2030-12-25"}`
	}
	return `{"reason":"a test"}`
}

func let(status int) byte {
	switch {
	case status == http.StatusUnauthorized:
		return '0'
	case status == http.StatusForbidden:
		return 'n'
	case status >= 500:
		return '!'
	}
	return 'y'
}

// door is whose answer it is.
type door int

const (
	others door = iota
	consoles
	files // of the console, the same for everybody
)

// doorOf is which door a path leads to: what is no other's is the console's.
func doorOf(path string) door {
	for _, p := range []string{"/healthz", "/readyz", "/metrics", "/auth", "/scim/", "/api/v1/"} {
		if strings.HasPrefix(path, p) {
			return others
		}
	}
	if strings.HasPrefix(path, "/static/") {
		return files
	}
	return consoles
}

// headers looks at what every answer has to have.
func headers(t *testing.T, what string, door door, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		if h.Get(name) != want {
			t.Errorf("%s: %s is %q, want %q", what, name, h.Get(name), want)
		}
	}
	want := "no-referrer"
	if door != others { // auth.Console says why
		want = "same-origin"
	}
	if r := h.Get("Referrer-Policy"); r != want {
		t.Errorf("%s: Referrer-Policy is %q, want %q", what, r, want)
	}
	if p := h.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'") || !strings.Contains(p, "frame-ancestors 'none'") || strings.Contains(p, "unsafe") {
		t.Errorf("%s: policy %q", what, p)
	}
	if c := h.Get("Cache-Control"); c != "no-store" && c != "private, no-cache" && (door != files || c != immutable) {
		t.Errorf("%s: Cache-Control %q", what, c)
	}
}

// TestEveryOtherDoorHasItsHeaders looks at what is not of the API.
func TestEveryOtherDoorHasItsHeaders(t *testing.T) {
	w := settle(t)
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/auth", "/auth/start", "/auth/callback", "/auth/link/x", "/nothing", "/scim/v2/Users", "/api/v1/nothing", "/api/v1/openapi.yaml", "/api/v1/tickets"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions, "TRACE"} {
			got := w.ask("nobody", method, path, "", "Accept", "text/html")
			headers(t, method+" "+path, doorOf(path), got.header)
			if got.status >= 500 {
				t.Errorf("%s %s: %d", method, path, got.status)
			}
		}
	}
}
