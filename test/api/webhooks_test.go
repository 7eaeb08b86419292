package api

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
)

// heard is a post as a program gets it that has the secret.
type heard struct {
	header http.Header
	body   []byte
}

func (h heard) signed(secret string) bool {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", h.header.Get("Webhook-Id"), h.header.Get("Webhook-Timestamp"), h.body)
	return slices.Contains(strings.Fields(h.header.Get("Webhook-Signature")), "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// TestAProgramIsToldOfWhatChanges: an admin subscribes an address over the API, and a running house posts what changes there, signed; a new secret is
// valid beside the one before, and after it was removed nothing comes. The secret is in no list, no log and no kept answer.
func TestAProgramIsToldOfWhatChanges(t *testing.T) {
	posts := make(chan heard, 100)
	siem := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		posts <- heard{r.Header, text}
	}))
	t.Cleanup(siem.Close)
	w := settleWith(t, func(c *config.Config) { c.Subscriptions.Private = true })
	const at = "/api/v1/webhooks"
	wish := `{"name":"siem","url":"` + siem.URL + `/path-that-is-secret","kinds":["ticket"]}`
	if got := w.ask("ada", "POST", at, wish, "Idempotency-Key", "k"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("with a key, under which the secret would be kept: %d %s", got.status, got.body)
	}
	var made struct{ ID, Secret, Host string }
	got := w.ask("ada", "POST", at, wish)
	if got.into(t, &made); got.status != http.StatusOK || !strings.HasPrefix(made.Secret, "whsec_") || made.Host == "" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := w.ask("ada", "POST", at, wish); got.status != http.StatusConflict {
		t.Errorf("the same again: %d %s", got.status, got.body)
	}
	next := func() heard {
		t.Helper()
		select {
		case h := <-posts:
			return h
		case <-time.After(20 * time.Second):
			t.Fatal("nothing came")
			return heard{}
		}
	}
	w.happen("first")
	var said struct {
		Version               int
		Type, Of, State, Team string
	}
	first := next()
	if err := json.Unmarshal(first.body, &said); err != nil || !first.signed(made.Secret) || said.Version != 1 || said.Type != "ticket.changed" || said.Of != "01TICKET-shop" || said.Team != "shop" || said.State == "" {
		t.Errorf("%v: %s", err, first.body)
	}
	var turned struct{ Secret string }
	w.ask("ada", "POST", at+"/siem/rotate", "").into(t, &turned)
	w.ask("rex", "POST", "/api/v1/tickets/01TICKET-shop/close", `{"reason":"a drill"}`)
	if h := next(); turned.Secret == made.Secret || !h.signed(made.Secret) || !h.signed(turned.Secret) || !bytes.Contains(h.body, []byte(`"ticket.closed"`)) {
		t.Errorf("after the rotation: %s %s", h.header.Get("Webhook-Signature"), h.body)
	}
	if got := w.ask("ada", "POST", at+"/"+made.ID+"/test", ""); string(bytes.TrimSpace(got.body)) != `{"taken":true}` || !bytes.Contains(next().body, []byte(`"ping"`)) {
		t.Errorf("test: %d %s", got.status, got.body)
	}
	for _, path := range []string{at, at + "/siem"} {
		if got := w.ask("ada", "GET", path, ""); got.status != http.StatusOK || bytes.Contains(got.body, []byte("whsec_")) || bytes.Contains(got.body, []byte("path-that-is-secret")) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := w.ask("ada", "POST", at+"/siem/remove", ""); got.status != http.StatusOK {
		t.Errorf("remove: %d %s", got.status, got.body)
	}
	w.happen("after it was removed")
	if got := w.ask("ada", "POST", at+"/siem/test", ""); got.status != http.StatusNotFound {
		t.Errorf("one that was removed: %d %s", got.status, got.body)
	}
	if text := w.log.text(); strings.Contains(text, "whsec_") || strings.Contains(text, "path-that-is-secret") {
		t.Errorf("the log has a secret: %s", text)
	}
	if len(posts) > 0 {
		t.Errorf("%s came after it was removed", (<-posts).body)
	}
}
