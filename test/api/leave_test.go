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

// TestWhoHasLeftIsOutAtOnce: a directory says by SCIM that somebody is not active any more, and the next request of their session is nobody's, at every
// door; somebody else's goes on.
func TestWhoHasLeftIsOutAtOnce(t *testing.T) {
	w := secure(t)
	directory := func(method, path, body string) reply {
		return w.ask("nobody", method, "/scim/v2/"+path, body, "Authorization", "Bearer "+directoryToken, "Content-Type", "application/scim+json")
	}
	var made struct{ ID string }
	got := directory(http.MethodPost, "Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"rex@example.com","active":true}`)
	if got.status != http.StatusCreated {
		t.Fatalf("the directory tells of rex: %d %s", got.status, got.body)
	}
	got.into(t, &made)
	now := time.Now().UTC()
	w.do(func(tx *store.Tx) error {
		return tx.SaveVisit(t.Context(), auth.Visit{Hash: sum("session of rex"), Who: "rex", Name: "rex", Kind: auth.Person, Listed: made.ID, Began: now, Seen: now, Ends: now.Add(time.Hour)})
	})
	if got := w.ask("rex", http.MethodGet, "/api/v1/whoami", ""); got.status != http.StatusOK {
		t.Fatalf("before: %d %s", got.status, got.body)
	}
	_, s, err := w.watch("rex")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.close() }()
	got = directory(http.MethodPatch, "Users/"+made.ID, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`)
	if got.status >= 300 {
		t.Fatalf("the directory says that rex has left: %d %s", got.status, got.body)
	}
	for path, want := range map[string]int{"/api/v1/whoami": http.StatusUnauthorized, "/api/v1/events": http.StatusUnauthorized} {
		if got := w.ask("rex", http.MethodGet, path, ""); got.status != want {
			t.Errorf("%s after: %d, want %d", path, got.status, want)
		}
	}
	if got := w.ask("rex", http.MethodPost, "/api/v1/tickets/01TICKET-shop/close", `{"reason":"x"}`); got.status != http.StatusUnauthorized {
		t.Errorf("a write after: %d", got.status)
	}
	if got := w.post("/tickets/01TICKET-shop/close", url.Values{"reason": {"x"}}, "Cookie", w.name+"=session of rex"); got.status != http.StatusForbidden {
		t.Errorf("a form of the console after: %d", got.status)
	}
	err = w.store.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Visit(t.Context(), sum("session of rex")); return err })
	if err == nil || !strings.Contains(err.Error(), "no such session") {
		t.Errorf("the row of the session: %v", err)
	}
	if got := w.ask("apu", http.MethodGet, "/api/v1/whoami", ""); got.status != http.StatusOK {
		t.Errorf("somebody else: %d", got.status)
	}
}
