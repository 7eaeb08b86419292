package console_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/auth"
	"jobzero/internal/console"
	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

const ticketID = "01JD7ZBBBBBBBBBBBBBBBBBBBB"

// nasty is a text as somebody might write it who wants to be more than text.
const nasty = "<script>alert(1)</script>\u202egnp\x1b[31m"

func now() time.Time { return time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC) }

// desk is a console on a store with one ticket, which a person has.
type desk struct {
	*testing.T
	store *store.Store
	url   string
}

func newDesk(t *testing.T, who console.Visitors) *desk {
	t.Helper()
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	h, err := console.New(console.Options{
		Reader:    store.In(st, func(tx *store.Tx) console.Tx { return tx }),
		Triage:    store.In(st, func(tx *store.Tx) triage.Tx { return tx }),
		Playbooks: store.In(st, func(tx *store.Tx) playbook.Tx { return tx }),
		Knowledge: func() console.Knowledge {
			return console.Knowledge{Expectation: func(string) (*expect.Expectation, bool) { return nil, false }}
		},
		Visitors: who, Road: func(context.Context) ([]console.Leg, error) { return nil, nil }, Rates: func() console.Rates { return console.Rates{} },
		Duty: func(context.Context, time.Time) ([]console.Duty, error) {
			return []console.Duty{{Rota: "all", Person: "mia", Site: "Dublin", Secondary: "ben", Until: now().Add(time.Hour)}}, nil
		},
		Shifts: func(_ context.Context, from, to time.Time) (out []console.Shift, err error) {
			for at := from.Add(-3 * time.Hour); at.Before(to); at = at.Add(6 * time.Hour) {
				out = append(out, console.Shift{Rota: "all", Site: []string{"Sydney", "Dublin", "Herndon", "Seattle"}[len(out)%4], Person: "mia", From: at, To: at.Add(6 * time.Hour)})
			}
			return out, nil
		},
		Now: now, Version: "test", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(auth.Console(h))
	t.Cleanup(s.Close)
	d := &desk{t, st, s.URL}
	d.fill()
	return d
}

func (d *desk) fill() {
	d.Helper()
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "orders"}
	f := finding.Finding{
		Fingerprint: "aaaa", Kind: finding.Expectation, By: "s3-private", Title: nasty, Why: nasty, Severity: finding.High, Account: ref.Account, Resource: &ref,
		Occurred: now(), Detected: now(), Sighting: "1", State: finding.Human, Ticket: ticketID, Count: 1, LastSeen: now(),
		Evidence: []finding.Evidence{{Kind: "event", At: now(), Text: nasty, Data: []byte(`{"a":"<b>"}`)}},
	}
	k := ticket.Start(ticketID, f, ticket.Owner{Team: nasty}, now())
	err := d.store.Update(d.Context(), func(tx *store.Tx) error {
		if err := tx.SaveFinding(d.Context(), f); err != nil {
			return err
		}
		if err := k.Move(ticket.Human, nasty, now()); err != nil {
			return err
		}
		if err := tx.AddLetter(d.Context(), event.Letter{ID: "01L", Reason: nasty, Bytes: []byte(nasty), Size: -1, At: now(), State: event.Dead}); err != nil {
			return err
		}
		return tx.AppendEntry(d.Context(), &k, ticket.Entry{At: now(), Actor: "jobzero/triage", Kind: "opened", Text: nasty})
	})
	if err != nil {
		d.Fatal(err)
	}
}

// ask sends a request as a browser would that is on one of our own pages, unless more says otherwise.
func (d *desk) ask(method, path string, form url.Values, more map[string]string) (status int, body string, header http.Header) {
	d.Helper()
	req, err := http.NewRequestWithContext(d.Context(), method, d.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range more {
		if req.Header.Set(k, v); k == "Host" {
			req.Host = v
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header
}

func (d *desk) ticket() (k ticket.Ticket, entries []ticket.Entry) {
	d.Helper()
	err := d.store.View(d.Context(), func(tx *store.Tx) (err error) {
		if k, err = tx.Ticket(d.Context(), ticketID); err != nil {
			return err
		}
		entries, err = tx.Timeline(d.Context(), ticketID)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return k, entries
}

// TestNothingInALogIsMoreThanText shows pages whose every text wants to be a script.
func TestNothingInALogIsMoreThanText(t *testing.T) {
	d := newDesk(t, console.Local{Person: "ana"})
	for _, path := range []string{"/", "/tickets", "/tickets?text=" + url.QueryEscape(nasty), "/tickets/" + ticketID, "/findings", "/findings/aaaa", "/deadletters", "/deadletters/01L", "/tickets/" + url.PathEscape(nasty), "/?said=" + url.QueryEscape(nasty)} {
		_, body, header := d.ask(http.MethodGet, path, nil, nil)
		if strings.Contains(body, "<script>alert") || strings.ContainsAny(body, "\u202e\x1b") {
			t.Errorf("%s: a text is more than text", path)
		}
		csp := header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
		if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick") {
			t.Errorf("%s has a style or a script in it, which the policy forbids", path)
		}
	}
}

func TestATicketIsClosedAndGivenBackWithAReasonInTheVisitorsName(t *testing.T) {
	d := newDesk(t, console.Local{Person: "ana"})
	if status, body, _ := d.ask(http.MethodPost, "/tickets/"+ticketID+"/close", url.Values{"reason": {" "}}, nil); status != http.StatusBadRequest || !strings.Contains(body, "say why") {
		t.Errorf("without a reason: %d", status)
	}
	status, _, header := d.ask(http.MethodPost, "/tickets/"+ticketID+"/close", url.Values{"reason": {"it is a drill"}}, nil)
	if status != http.StatusSeeOther || header.Get("Location") != "/tickets/"+ticketID+"?said=closed" {
		t.Fatalf("%d %s", status, header.Get("Location"))
	}
	k, entries := d.ticket()
	last := entries[len(entries)-1]
	if k.State != ticket.Closed || last.Actor != "person/ana" || !strings.Contains(last.Text, "it is a drill") {
		t.Errorf("%s, last said: %+v", k.State, last)
	}
	if _, body, _ := d.ask(http.MethodGet, header.Get("Location"), nil, nil); !strings.Contains(body, "The ticket is closed.") {
		t.Error("the page does not say so")
	}
	if status, _, _ := d.ask(http.MethodPost, "/tickets/"+ticketID+"/reopen", url.Values{"reason": {"look again"}}, nil); status != http.StatusSeeOther {
		t.Errorf("reopen: %d", status)
	}
	if k, _ := d.ticket(); k.State != ticket.Open {
		t.Errorf("after it was given back it is %s", k.State)
	}
	if status, _, _ := d.ask(http.MethodPost, "/tickets/"+ticketID+"/reopen", url.Values{"reason": {"again"}}, nil); status != http.StatusConflict {
		t.Errorf("to reopen what is open: %d", status)
	}
}

// TestWhoMayNotDoesNot holds every way to change something against visitors who must not.
func TestWhoMayNotDoesNot(t *testing.T) {
	good := url.Values{"reason": {"because"}}
	for name, c := range map[string]struct {
		who  console.Visitors
		more map[string]string
	}{
		"nobody in particular":   {console.Local{}, nil},
		"a name that leads here": {console.Local{Person: "ana"}, map[string]string{"Host": "console.example.com"}},
		"who may only look":      {looker{}, nil},
	} {
		d := newDesk(t, c.who)
		for _, path := range []string{
			"/tickets/" + ticketID + "/close", "/tickets/" + ticketID + "/reopen", "/runs/r/steps/s/agree", "/runs/r/steps/s/refuse", "/runs/r/steps/s/done", "/runs/r/steps/s/undone",
			"/runs/r/pause", "/runs/r/resume", "/runs/r/cancel", "/runs/r/undo", "/runs/r/steps/s/undo", "/deadletters/01L/replay",
		} {
			if status, _, _ := d.ask(http.MethodPost, path, good, c.more); status != http.StatusForbidden {
				t.Errorf("%s, %s: %d", name, path, status)
			}
		}
		if k, entries := d.ticket(); k.State != ticket.Human || len(entries) != 1 {
			t.Errorf("%s has changed the ticket", name)
		}
	}
}

// looker is somebody with a name who may only look.
type looker struct{}

func (looker) Visitor(*http.Request) (console.Visitor, error) {
	return console.Visitor{Person: "eve", May: func(r console.Right, _ string) bool { return r == console.Look }}, nil
}

func (looker) Enter(*http.Request) string { return "" }

func TestWhoIsNotLetInSeesNothing(t *testing.T) {
	d := newDesk(t, console.Local{Person: "ana"})
	status, body, _ := d.ask(http.MethodGet, "/tickets", nil, map[string]string{"Host": "console.example.com"})
	if status != http.StatusForbidden || strings.Contains(body, "orders") {
		t.Errorf("%d %s", status, body)
	}
}

func TestThePictureOfAWeekHoldsEveryHourOnce(t *testing.T) {
	d := newDesk(t, console.Local{})
	_, body, _ := d.ask(http.MethodGet, "/oncall?week=2030-04-03", nil, nil)
	if n := strings.Count(body, `class="day"`); n != 7 {
		t.Errorf("%d days", n)
	}
	wide := 0
	for part := range strings.SplitSeq(body, `<rect x="`) {
		if _, rest, ok := strings.Cut(part, `width="`); ok && strings.Contains(part, `rx="4"`) {
			n, _, _ := strings.Cut(rest, `"`)
			for i, w := range []string{"120", "240"} {
				if n == w {
					wide += 120 * (i + 1)
				}
			}
		}
	}
	if wide != 7*960 {
		t.Errorf("the shifts are %d wide together, want %d", wide, 7*960)
	}
}

func TestLightAndDarkAreRemembered(t *testing.T) {
	d := newDesk(t, console.Local{})
	for back, want := range map[string]string{"/road": "/road", "//example.com": "/", "https://example.com": "/", `/\example.com`: "/"} {
		status, _, header := d.ask(http.MethodPost, "/look", url.Values{"look": {"dark"}, "back": {back}}, nil)
		if status != http.StatusSeeOther || header.Get("Location") != want {
			t.Errorf("%s leads to %s", back, header.Get("Location"))
		}
		cookie, _, _ := strings.Cut(header.Get("Set-Cookie"), ";")
		if _, body, _ := d.ask(http.MethodGet, "/keys", nil, map[string]string{"Cookie": cookie}); !strings.Contains(body, `data-theme="dark"`) {
			t.Error("it is not dark")
		}
	}
}

// owner is somebody who may settle what one team owns.
type owner struct{ team string }

func (o owner) Visitor(*http.Request) (console.Visitor, error) {
	return console.Visitor{Person: "mia", May: func(r console.Right, team string) bool {
		return r == console.Look || r == console.Settle && team != "" && team == o.team
	}}, nil
}

func (owner) Enter(*http.Request) string { return "" }

func TestWhoOwnsATeamSettlesItsTicketsAndNoOthers(t *testing.T) {
	for team, want := range map[string]int{nasty: http.StatusSeeOther, "web": http.StatusForbidden} {
		d := newDesk(t, owner{team})
		if status, _, _ := d.ask(http.MethodPost, "/tickets/"+ticketID+"/close", url.Values{"reason": {"a drill"}}, nil); status != want {
			t.Errorf("team %q: %d", team, status)
		}
		if status, _, _ := d.ask(http.MethodGet, "/deadletters", nil, nil); status != http.StatusForbidden {
			t.Errorf("raw records are shown to who may not see them: %d", status)
		}
	}
}
