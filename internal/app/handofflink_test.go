package app

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/oncall/handoff"
)

// letterbox is a channel to each person that keeps what it is given.
type letterbox struct{ got []notify.Letter }

func (*letterbox) Name() string   { return "email" }
func (*letterbox) Personal() bool { return true }

func (*letterbox) Address(p notify.Person) (notify.Address, error) {
	return notify.Address{To: p.ID, Shown: p.ID}, nil
}

func (m *letterbox) Send(_ context.Context, l notify.Letter) (string, error) {
	m.got = append(m.got, l)
	return "1", nil
}

// letters opens a guardroom that tells people by mail, waits until Dublin is asked, and gives the house's door and the link in the mail.
func letters(t *testing.T) (g *guardroom, door http.Handler, secret string) {
	t.Helper()
	g = aGuardroom(t)
	box := &letterbox{}
	g.house.config.Auth.URL = "https://jobzero.example.com/"
	g.house.channels, g.house.teller = []notify.Channel{box}, messenger{g.house}
	g.until(8, 46)
	var sent []notice.Delivery
	err := g.house.store.View(t.Context(), func(tx storeTx) (err error) {
		sent, err = tx.Deliveries(t.Context(), notice.Filter{})
		return err
	})
	if err != nil || len(sent) != 1 {
		t.Fatalf("%d deliveries: %v", len(sent), err)
	}
	if _, err := g.house.carrier.Carry(t.Context(), string(sent[0].ID)); err != nil {
		t.Fatal(err)
	}
	if len(box.got) != 1 {
		t.Fatalf("%d letters", len(box.got))
	}
	l := box.got[0]
	for _, text := range []string{l.Text, l.Short, l.Message.Link} {
		_, found, ok := strings.Cut(text, "https://jobzero.example.com/oncall/accept/")
		if !ok {
			t.Fatalf("no link in %q", text)
		}
		secret, _, _ = strings.Cut(strings.Fields(found)[0], "\n")
	}
	if door, err = g.house.console("test"); err != nil {
		t.Fatal(err)
	}
	return g, door, secret
}

// come asks for a page as somebody who is nobody here.
func come(t *testing.T, door http.Handler, method, path string, form url.Values) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr = "203.0.113.7:4711"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestALinkAcceptsOnce: the link in the mail shows how much there is and takes duty over, once, in the name of whom it is for; what opens it is
// nowhere but in the mail.
func TestALinkAcceptsOnce(t *testing.T) {
	g, door, secret := letters(t)
	files, err := filepath.Glob(filepath.Join(g.dir, "data", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s holds what opens the link", f)
		}
	}
	for range 3 { // programs that look at links in messages
		status, body := come(t, door, http.MethodGet, "/oncall/accept/"+secret, nil)
		if status != http.StatusOK || !strings.Contains(body, "Accept as rosa") || !strings.Contains(body, "Open tickets") || strings.Contains(body, "moves soon") {
			t.Fatalf("%d %s", status, body)
		}
	}
	if g.handoff().State != handoff.Open {
		t.Fatal("to look has accepted it")
	}
	if status, body := come(t, door, http.MethodPost, "/oncall/accept", url.Values{"secret": {secret}}); status != http.StatusOK || !strings.Contains(body, "You are on duty") {
		t.Fatalf("%d %s", status, body)
	}
	if h := g.handoff(); h.State != handoff.Accepted || h.AcceptedBy != "rosa" || h.AcceptedVia != handoff.ByLink {
		t.Errorf("%+v", h)
	}
	for method, path := range map[string]string{http.MethodPost: "/oncall/accept", http.MethodGet: "/oncall/accept/" + secret} {
		if status, body := come(t, door, method, path, url.Values{"secret": {secret}}); status != http.StatusGone || !strings.Contains(body, "this link was used at 2026-11-23T08:46Z") {
			t.Errorf("%s again: %d %s", method, status, body)
		}
	}
	err = g.house.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Records(t.Context(), "", 10)
		if err != nil {
			return err
		}
		text, _ := json.Marshal(all)
		if len(all) != 1 || all[0].Who != "rosa" || all[0].What != "accept a handoff by signed link" || all[0].From != "203.0.113.7" || bytes.Contains(text, []byte(secret)) {
			t.Errorf("recorded: %s", text)
		}
		left, err := tx.Deliveries(t.Context(), notice.Filter{States: []notice.State{notice.Queued, notice.Sent}})
		if len(left) > 0 {
			t.Errorf("still told: %+v", left)
		}
		if err := tx.CheckAudit(t.Context()); err != nil {
			return err
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestALinkThatDoesNotOpen: expired with the shift, overtaken by somebody else, of somebody who has left, or none at all; and whoever guesses
// is held.
func TestALinkThatDoesNotOpen(t *testing.T) {
	for name, c := range map[string]struct {
		before func(g *guardroom)
		want   string
	}{
		"expired":  {func(g *guardroom) { g.clock.now = g.clock.now.Add(7 * time.Hour) }, "this link has expired: its shift was over at 2026-11-23T15:00Z"},
		"accepted": {func(g *guardroom) { g.until(9, 16); _ = g.accept("security-20261123T0900Z", "tess") }, "tess has accepted this handoff"},
		"overruled": {func(g *guardroom) {
			h := g.handoff()
			h.Asked, h.To, h.Version = nil, "sam", h.Version+1
			if err := g.house.store.Update(g.Context(), func(tx storeTx) error { return tx.SaveHandoff(g.Context(), h) }); err != nil {
				g.Fatal(err)
			}
		}, "rosa is not asked to accept this handoff any more"},
	} {
		g, door, secret := letters(t)
		c.before(g)
		for _, ask := range [][2]string{{http.MethodGet, "/oncall/accept/" + secret}, {http.MethodPost, "/oncall/accept"}} {
			if status, body := come(t, door, ask[0], ask[1], url.Values{"secret": {secret}}); status != http.StatusGone || !strings.Contains(body, c.want) || strings.Contains(body, `action="/oncall/accept"`) {
				t.Errorf("%s, %s: %d %s", name, ask[0], status, body)
			}
		}
		if h := g.handoff(); h.AcceptedBy == "rosa" {
			t.Errorf("%s: %+v", name, h)
		}
	}
	g, door, secret := letters(t)
	for n := range 25 {
		status, body := come(t, door, http.MethodGet, "/oncall/accept/"+secret[:40]+"xyz", nil)
		if n < 20 && (status != http.StatusNotFound || !strings.Contains(body, "This link leads nowhere")) {
			t.Errorf("guess %d: %d %s", n, status, body)
		}
		if n >= 20 && status != http.StatusTooManyRequests {
			t.Errorf("guess %d: %d", n, status)
		}
	}
	if status, _ := come(t, door, http.MethodPost, "/oncall/accept", url.Values{"secret": {secret}}); status != http.StatusTooManyRequests || g.handoff().State != handoff.Open {
		t.Errorf("from where it was guessed the right one opens: %d", status)
	}
	var all []auth.Record
	_ = g.house.store.View(t.Context(), func(tx storeTx) (err error) {
		all, err = tx.Records(t.Context(), "", 100)
		return err
	})
	if len(all) != 20 {
		t.Errorf("%d records of guesses", len(all))
	}
}

// TestNobodyGetsALinkWithoutAWayBack: without an address of ours, or to a channel that several read, there is none.
func TestNobodyGetsALinkWithoutAWayBack(t *testing.T) {
	g := aGuardroom(t)
	g.until(8, 46)
	d := notice.Delivery{To: notice.To{Person: "rosa"}, Message: notice.Message{Kind: notice.Handoff, About: "security-20261123T0900Z", Buttons: []notice.Deed{notice.Accept}}}
	if link, err := g.house.ownLink(t.Context(), d); err != nil || link != "" {
		t.Errorf("%q, %v", link, err)
	}
	g.house.config.Auth.URL = "https://jobzero.example.com"
	d.To.Person = "tess"
	if link, err := g.house.ownLink(t.Context(), d); err != nil || link != "" {
		t.Errorf("who is not asked has %q, %v", link, err)
	}
}
