package api

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/auth"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// TestAWriteCountsOnlyForWhatWasRead: If-Match with an ETag of before changes nothing, the one of now does, and If-None-Match saves the body.
func TestAWriteCountsOnlyForWhatWasRead(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/tickets/01TICKET-shop"
	tag := w.ask("rex", "GET", at, "").header.Get("ETag")
	if got := w.ask("rex", "GET", at, "", "If-None-Match", tag); got.status != http.StatusNotModified || len(got.body) > 0 {
		t.Errorf("unchanged: %d %s", got.status, got.body)
	}
	w.do(func(tx *store.Tx) error {
		k, err := tx.Ticket(t.Context(), "01TICKET-shop")
		if err != nil {
			return err
		}
		return tx.AppendEntry(t.Context(), &k, ticket.Entry{At: k.Clocks.Opened, Actor: "jobzero/triage", Kind: "joined", Text: "More"})
	})
	if got := w.ask("rex", "POST", at+"/close", `{"reason":"mine"}`, "If-Match", tag); got.status != http.StatusPreconditionFailed {
		t.Errorf("with the ETag of before: %d %s", got.status, got.body)
	}
	got := w.ask("rex", "GET", at, "", "If-None-Match", tag)
	if tag = got.header.Get("ETag"); got.status != http.StatusOK {
		t.Errorf("changed: %d", got.status)
	}
	if got := w.ask("rex", "POST", at+"/close", `{"reason":"mine"}`, "If-Match", tag); got.status != http.StatusOK || !strings.Contains(string(got.body), `"state":"closed"`) {
		t.Errorf("with the ETag of now: %d %s", got.status, got.body)
	}
	var story struct {
		Timeline []ticket.Entry `json:"timeline"`
	}
	w.ask("vic", "GET", at, "").into(t, &story)
	if last := story.Timeline[len(story.Timeline)-1]; last.Actor != "person/rex" || last.Text != "Closed by rex: mine" {
		t.Errorf("the timeline ends with %+v", last)
	}
}

// TestATicketIsGivenToSomebodyAndTalkedAbout: to whom the organisation file knows, with a line on the timeline each; a comment is any plain text.
func TestATicketIsGivenToSomebodyAndTalkedAbout(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/tickets/01TICKET-shop"
	for body, want := range map[string]string{
		`{"reason":"x","person":"nobody"}`: `nobody is called \"nobody\"`, `{"reason":"x","team":"none"}`: `has no team \"none\": there are shop`, `{"reason":"x"}`: "nobody is named",
	} {
		if got := w.ask("rex", "POST", at+"/assign", body); got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), strings.ReplaceAll(want, `\\`, `\`)) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	if got := w.ask("olga", "POST", at+"/assign", `{"reason":"she knows it","person":"rita"}`); got.status != http.StatusOK || !strings.Contains(string(got.body), `"owner":{"team":"shop","person":"rita","via":"assigned"}`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := w.ask("rex", "POST", at+"/comment", `{"text":"Two\nlines & <b>"}`); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	for _, bad := range []string{`{"text":" "}`, `{"text":"\u001b[31m"}`} {
		if got := w.ask("rex", "POST", at+"/comment", bad); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", bad, got.status, got.body)
		}
	}
	var story struct {
		Timeline []ticket.Entry `json:"timeline"`
	}
	w.ask("vic", "GET", at, "").into(t, &story)
	n := len(story.Timeline)
	if e := story.Timeline[n-2]; e.Actor != "person/olga" || e.Text != "Assigned to rita for team shop by olga: she knows it" {
		t.Errorf("%+v", e)
	}
	if e := story.Timeline[n-1]; e.Actor != "person/rex" || e.Kind != "note" || e.Text != "rex: Two\nlines & <b>" {
		t.Errorf("%+v", e)
	}
	w.ask("rex", "POST", at+"/close", `{"reason":"x"}`)
	if got := w.ask("rex", "POST", at+"/assign", `{"reason":"x","person":"rex"}`); got.status != http.StatusConflict {
		t.Errorf("a closed one: %d %s", got.status, got.body)
	}
	if got := w.ask("rex", "POST", at+"/comment", `{"text":"afterwards"}`); got.status != http.StatusOK {
		t.Errorf("a word on a closed one: %d %s", got.status, got.body)
	}
}

// TestTheSameAgainIsOnce: a key has its write done once, also when many send it at the same time, and another request under it is refused.
func TestTheSameAgainIsOnce(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/runs/01RUN-shop/steps/ask/approve"
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		seen = map[int]int{}
	)
	for range 8 {
		all.Go(func() {
			got := w.ask("apu", "POST", at, `{"reason":"seen it"}`, "Idempotency-Key", "k1")
			mu.Lock()
			defer mu.Unlock()
			seen[got.status]++
		})
	}
	all.Wait()
	if seen[http.StatusOK] < 1 || seen[http.StatusOK]+seen[http.StatusConflict] != 8 {
		t.Errorf("eight at once: %v", seen)
	}
	first := w.ask("apu", "POST", at, `{"reason":"seen it"}`, "Idempotency-Key", "k1")
	if first.status != http.StatusOK || first.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("again: %d %s", first.status, first.body)
	}
	if got := w.ask("apu", "POST", at, `{"reason":"seen it"}`, "Idempotency-Key", "k2"); got.status != http.StatusForbidden {
		t.Errorf("under another key it is another answer, and nobody agrees twice: %d %s", got.status, got.body)
	}
	if got := w.ask("apu", "POST", at, `{"reason":"another"}`, "Idempotency-Key", "k1"); got.status != http.StatusUnprocessableEntity {
		t.Errorf("another request under the key: %d %s", got.status, got.body)
	}
	if got := w.ask("rex", "POST", "/api/v1/tickets/01TICKET-shop/close", `{"reason":"x"}`, "Idempotency-Key", "k1"); got.status != http.StatusOK {
		t.Errorf("the key of somebody else: %d %s", got.status, got.body)
	}
}

// TestPagesOfOthersWriteNothing sends what a browser sends from another site's page, to a program's door and to the console's.
func TestPagesOfOthersWriteNothing(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/tickets/01TICKET-shop/close"
	form := url.Values{"reason": {"x"}}
	for _, h := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example.net"}, {"Origin", "null"}} {
		if got := w.ask("rex", "POST", at, `{"reason":"x"}`, h...); got.status != http.StatusForbidden {
			t.Errorf("%v: %d %s", h, got.status, got.body)
		}
		for _, path := range []string{"/tickets/01TICKET-shop/close", "/runs/01RUN-shop/cancel", "/look", "/auth/leave"} {
			if got := w.post(path, form, append(h, "Cookie", "jobzero=session of rex")...); got.status != http.StatusForbidden {
				t.Errorf("%s, %v: %d %s", path, h, got.status, got.body)
			}
		}
	}
	if got := w.post("/tickets/01TICKET-bank/close", form, "Origin", w.at, "Cookie", "jobzero=session of rex"); got.status != http.StatusSeeOther {
		t.Errorf("a form of our own, on a browser that says no more than its origin: %d %s", got.status, got.body)
	}
	if got := w.ask("rex", "POST", at, `{"reason":"x"}`, "Sec-Fetch-Site", "same-origin", "Origin", w.at); got.status != http.StatusOK {
		t.Errorf("from our own page: %d %s", got.status, got.body)
	}
}

// TestEveryWriteIsRecorded: who, what, from where and what became of it, in the chain; also what was refused, and nothing of nobody.
func TestEveryWriteIsRecorded(t *testing.T) {
	w := settle(t)
	const at = "/api/v1/tickets/01TICKET-shop/close"
	w.ask("nobody", "POST", at, `{"reason":"x"}`)
	w.ask("vic", "POST", at, `{"reason":"x"}`)
	w.ask("token", "POST", at, `{"reason":"x"}`)
	var all []auth.Record
	err := w.store.View(t.Context(), func(tx *store.Tx) (err error) {
		if all, err = tx.Records(t.Context(), "", 10); err != nil {
			return err
		}
		return tx.CheckAudit(t.Context())
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 {
		t.Fatalf("%d records: %+v", len(all), all)
	}
	for i, want := range []auth.Record{{Who: "token:all", Status: 200}, {Who: "vic", Status: 403}} {
		r := all[i]
		if r.Who != want.Who || r.Status != want.Status || r.What != "POST /api/v1/tickets/{id}/close" || r.On != at || r.From != "127.0.0.1" || r.Session == "" {
			t.Errorf("record %d is %+v", i, r)
		}
	}
	if text := w.log.text(); strings.Contains(text, w.token) || strings.Contains(text, "session of") {
		t.Errorf("the log holds a secret: %s", text)
	}
}
