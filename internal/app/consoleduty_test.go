package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/ticket"
)

// visit asks for a page of the console as the person who works on the machine itself.
func (g *guardroom) visit(who, method, path string, form url.Values) (int, string, string) {
	g.Helper()
	g.house.config.Console.Person = who
	door, err := g.house.console("test")
	if err != nil {
		g.Fatal(err)
	}
	r := httptest.NewRequestWithContext(g.Context(), method, path, strings.NewReader(form.Encode()))
	r.RemoteAddr, r.Host = "127.0.0.1:4711", "127.0.0.1:8080"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	door.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

// TestAHandoffInTheConsole: its states, a note of whoever goes, the button of whom it asks and of nobody else, and the list.
func TestAHandoffInTheConsole(t *testing.T) {
	g := aGuardroom(t)
	if _, body, _ := g.visit("rosa", http.MethodGet, "/oncall/handoff", nil); !strings.Contains(body, "Its handoff is not written yet: that is at 08:45 UTC.") || !strings.Contains(body, "2026-11-23 03:00") {
		t.Errorf("before it is written: %s", body)
	}
	g.until(8, 46)
	const at = "/oncall/handoff/security-20261123T0900Z"
	if _, body, _ := g.visit("rosa", http.MethodGet, "/oncall/handoff", nil); !strings.Contains(body, `<a href="`+at+`">handoff</a> is written`) {
		t.Errorf("written: %s", body)
	}
	status, body, _ := g.visit("rosa", http.MethodGet, at, nil)
	if status != http.StatusOK || !strings.Contains(body, "It waits for rosa. Until somebody accepts, mia is on duty.") || !strings.Contains(body, at+"/accept") {
		t.Errorf("%d %s", status, body)
	}
	for _, title := range []string{"What needs an eye", "Open tickets", "Pages that nobody has answered", "Waiting for people to agree", "Playbooks under way", "Waivers that expire soon", "Exercises and checks", "What changed during the shift"} {
		if !strings.Contains(body, title) {
			t.Errorf("the page has no %q", title)
		}
	}
	if _, body, _ := g.visit("tess", http.MethodGet, at, nil); strings.Contains(body, at+"/accept") {
		t.Error("who is not asked has a button")
	}
	if status, body, _ := g.visit("tess", http.MethodPost, at+"/accept", nil); status != http.StatusForbidden || !strings.Contains(body, "tess was not asked") {
		t.Errorf("who is not asked accepts: %d %s", status, body)
	}
	if status, _, _ := g.visit("", http.MethodPost, at+"/accept", nil); status != http.StatusForbidden {
		t.Errorf("nobody in particular accepts: %d", status)
	}
	if status, _, to := g.visit("mia", http.MethodPost, at+"/note", url.Values{"note": {"the vendor calls\r\nat ten <b>"}}); status != http.StatusSeeOther || to != at+"?said=noted" {
		t.Errorf("%d %s", status, to)
	}
	if status, _, _ := g.visit("mia", http.MethodPost, at+"/note", url.Values{"note": {" "}}); status != http.StatusBadRequest {
		t.Errorf("an empty note: %d", status)
	}
	g.until(9, 16)
	if _, body, _ := g.visit("rosa", http.MethodGet, at, nil); !strings.Contains(body, "Nobody has accepted in time. Asked by now: rosa, tess.") || !strings.Contains(body, "at ten &lt;b&gt;") {
		t.Errorf("escalated: %s", body)
	}
	if status, _, to := g.visit("rosa", http.MethodPost, at+"/accept", nil); status != http.StatusSeeOther || to != at+"?said=accepted" {
		t.Errorf("%d %s", status, to)
	}
	if h := g.handoff(); h.AcceptedBy != "rosa" || h.AcceptedVia != handoff.ByConsole {
		t.Errorf("%+v", h)
	}
	if _, body, _ := g.visit("rosa", http.MethodGet, at+"?said=accepted", nil); !strings.Contains(body, "You have accepted it: you are on duty.") || !strings.Contains(body, "by console") || strings.Contains(body, at+"/accept") {
		t.Errorf("accepted: %s", body)
	}
	if status, _, _ := g.visit("rosa", http.MethodGet, "/oncall/handoff/none", nil); status != http.StatusNotFound {
		t.Errorf("one that there is not: %d", status)
	}
}

// TestTheRotaIsChangedInTheConsole: what would not hold is told on the form with the exact time, and nothing is lost of what was written.
func TestTheRotaIsChangedInTheConsole(t *testing.T) {
	g := aGuardroom(t)
	form := url.Values{"person": {"ana"}, "seat": {"primary"}, "from": {"2026-12-24T09:00"}, "until": {"2026-12-24T12:00"}, "reason": {"the train is late"}}
	status, body, _ := g.visit("rosa", http.MethodPost, "/oncall/override", form)
	if status != http.StatusConflict || !strings.Contains(body, "night: rota security: 2026-12-24T09:00Z to 2026-12-24T12:00Z") || !strings.Contains(body, `value="the train is late"`) || !strings.Contains(body, `value="2026-12-24T09:00"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := g.visit("", http.MethodPost, "/oncall/override", form); status != http.StatusForbidden {
		t.Errorf("nobody in particular changes it: %d", status)
	}
	form["accept"] = []string{"night", "rest"}
	if status, body, to := g.visit("rosa", http.MethodPost, "/oncall/override", form); status != http.StatusSeeOther || to != "/oncall/rota?said=changed" {
		t.Fatalf("%d %s", status, body)
	}
	_, body, _ = g.visit("rosa", http.MethodGet, "/oncall/rota", nil)
	_, rest, ok := strings.Cut(body, `name="change" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if !ok || !strings.Contains(body, "starts: &#34;15:00&#34;") {
		t.Fatalf("neither change nor text: %s", body)
	}
	if status, body, _ := g.visit("rosa", http.MethodPost, "/oncall/withdraw", url.Values{"change": {id}, "reason": {"it is on time"}}); status != http.StatusSeeOther {
		t.Errorf("%d %s", status, body)
	}
	if _, body, _ := g.visit("rosa", http.MethodGet, "/oncall/rota", nil); !strings.Contains(body, "taken back") {
		t.Errorf("it does not say so: %s", body)
	}
	if status, body, _ := g.visit("rosa", http.MethodPost, "/oncall/leave", url.Values{"person": {"rosa"}, "from": {"2026-12-20"}, "until": {"2026-12-19"}, "reason": {"x"}}); status != http.StatusConflict || !strings.Contains(body, "before the first") {
		t.Errorf("leave that ends before it begins: %d %s", status, body)
	}
	if status, body, _ := g.visit("rosa", http.MethodPost, "/oncall/leave", url.Values{"person": {"rosa"}, "from": {"2026-12-20"}, "until": {"2026-12-21"}, "reason": {"a weekend"}}); status != http.StatusSeeOther {
		t.Errorf("leave: %d %s", status, body)
	}
}

// TestAPageInTheConsole: it is listed, shown, acknowledged, snoozed and escalated.
func TestAPageInTheConsole(t *testing.T) {
	g := aGuardroom(t)
	k := ticket.Ticket{ID: "01B", Subject: "b", Title: "A bucket is public", Severity: finding.High, State: ticket.Human, Reason: "no playbook", Clocks: ticket.Clocks{Opened: g.clock.now}}
	p, _ := escalate.Open("01PAGE", escalate.CaseOf(k, nil, "no playbook"), g.house.knowledge.Load().Escalation, g.clock.now)
	p.Version = 1
	err := g.house.store.Update(t.Context(), func(tx storeTx) error {
		if err := tx.AppendEntry(t.Context(), &k, ticket.Entry{At: g.clock.now, Actor: "test", Kind: "opened"}); err != nil {
			return err
		}
		if err := tx.SavePage(t.Context(), p); err != nil {
			return err
		}
		return tx.JoinPage(t.Context(), p.ID, k.ID, nil, g.clock.now)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, body, _ := g.visit("rosa", http.MethodGet, "/pages", nil); !strings.Contains(body, `<a href="/pages/01PAGE">A bucket is public</a>`) {
		t.Errorf("%s", body)
	}
	if status, body, _ := g.visit("rosa", http.MethodGet, "/pages/01PAGE", nil); status != http.StatusOK || !strings.Contains(body, "/pages/01PAGE/ack") || !strings.Contains(body, "/pages/01PAGE/escalate") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := g.visit("", http.MethodPost, "/pages/01PAGE/escalate", url.Values{"reason": {"x"}}); status != http.StatusForbidden {
		t.Errorf("nobody in particular escalates: %d", status)
	}
	for _, do := range []struct {
		verb string
		form url.Values
		want int
	}{
		{"ack", nil, http.StatusSeeOther},
		{"ack", nil, http.StatusConflict},
		{"snooze", url.Values{"for": {"soon"}}, http.StatusBadRequest},
		{"snooze", url.Values{"for": {"900h"}}, http.StatusForbidden},
		{"snooze", url.Values{"for": {"15m"}}, http.StatusSeeOther},
		{"escalate", nil, http.StatusBadRequest},
		{"escalate", url.Values{"reason": {"customers are affected"}}, http.StatusSeeOther},
	} {
		if status, body, _ := g.visit("rosa", http.MethodPost, "/pages/01PAGE/"+do.verb, do.form); status != do.want {
			t.Errorf("%s %v: %d %s", do.verb, do.form, status, body)
		}
	}
	err = g.house.store.View(t.Context(), func(tx storeTx) (err error) {
		p, err = tx.Page(t.Context(), "01PAGE")
		return err
	})
	if err != nil || p.State != escalate.Asking || p.By != "rosa" || !p.Loud {
		t.Errorf("%+v %v", p, err)
	}
}
