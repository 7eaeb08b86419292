package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// until waits until it is so, and fails after a while.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick, end := time.NewTicker(20*time.Millisecond), time.After(60*time.Second)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("not in a minute: %s", what)
		}
	}
}

// beside opens the database of a house as a command at a terminal does.
func beside(t *testing.T, c config.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c.DatabaseURL().Reveal())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func started(t *testing.T, c config.Config, clock flow.Clock) *app.House {
	t.Helper()
	o := quiet()
	o.Clock = clock
	h, err := app.New(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestAPageGoesUpAndIsAnswered: a ticket that comes to a person asks one after the other, through a restart; an answer given beside the running
// house is on its ticket; and the page ends with the ticket.
func TestAPageGoesUpAndIsAnswered(t *testing.T) {
	c := settings(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"org.yaml": "people: [{id: ana, name: A}, {id: bo, name: B, manager: ana}]\nteams: [{name: shop, lead: bo, members: [bo]}]\n",
		"escalation.yaml": `
lines:
  - name: all
    severities: [informational, low, medium, high, critical]
    acknowledge: [{ask: [primary], within: 5m}, {ask: [lead], within: 10m}, {ask: [manager/1], within: 20m}]
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.Org, c.Escalation = filepath.Join(dir, "org.yaml"), filepath.Join(dir, "escalation.yaml")
	clock := flow.NewLeap()
	h := started(t, c, clock)
	s := beside(t, c)
	tk := ticket.Ticket{
		ID: "01JD7ZC0000000000000000001", Subject: "s", Title: "A bucket is public", Severity: finding.High, State: ticket.Human, Reason: "no playbook",
		Owner: ticket.Owner{Team: "shop"}, Account: "111122223333", Clocks: ticket.Clocks{Opened: clock.Now()},
	}
	change := func(f func(tx *store.Tx) error) {
		t.Helper()
		if err := s.Update(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	entry := func() ticket.Entry {
		return ticket.Entry{At: clock.Now(), Actor: "jobzero/test", Kind: "note", Text: "x"}
	}
	change(func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, entry()) })
	var p escalate.Page
	asked := func(want string) func() bool {
		return func() bool {
			var got []string
			err := s.View(t.Context(), func(tx *store.Tx) error {
				all, err := tx.Pages(t.Context(), escalate.Filter{})
				if err != nil || len(all) != 1 {
					return err
				}
				p = all[0]
				calls, err := tx.Calls(t.Context(), p.ID)
				for _, x := range calls {
					got = append(got, x.Person)
				}
				return err
			})
			return err == nil && strings.Join(got, " ") == want
		}
	}
	until(t, "the lead is asked, as nobody real is on duty", asked("bo"))
	if err := h.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock.Advance(11 * time.Minute)
	h = started(t, c, clock)
	until(t, "the manager is asked after a restart", asked("bo ana"))
	if _, err := (pager.Desk{Store: app.PageStore(s)}).Acknowledge(t.Context(), pager.Order{Page: p.ID, Answer: escalate.Answer{By: "bo", At: clock.Now()}}); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Hour)
	change(func(tx *store.Tx) (err error) {
		if tk, err = tx.Ticket(t.Context(), tk.ID); err != nil {
			return err
		}
		if tk.AcknowledgedBy != "bo" || tk.Clocks.Acknowledged.IsZero() {
			t.Errorf("the ticket does not tell of the answer: %+v", tk)
		}
		if err := tk.Move(ticket.Closed, "mended", clock.Now()); err != nil {
			return err
		}
		return tx.AppendEntry(t.Context(), &tk, entry())
	})
	until(t, "the page ends with its ticket", func() bool { return asked("bo ana")() && p.State == escalate.Resolved })
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestTheHeartStopsWhenSomethingDoes: beats come while all is well; when work stands still there are none, and /readyz says why.
func TestTheHeartStopsWhenSomethingDoes(t *testing.T) {
	var beats atomic.Int64
	watcher := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { beats.Add(1) }))
	defer watcher.Close()
	c := settings(t)
	c.Pulse.URL, c.Pulse.Every, c.Pulse.Stuck = telemetry.Secret(watcher.URL), 2*time.Second, 4*time.Second
	h := started(t, c, nil)
	until(t, "two beats", func() bool { return beats.Load() >= 2 })
	s := beside(t, c)
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Enqueue(t.Context(), "nobody", "x", time.Time{}) }); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	until(t, "it is not ready, and says that leg nobody does not move", func() bool {
		res, err := client.Get("http://" + h.Address().String() + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		return err == nil && res.StatusCode == http.StatusServiceUnavailable && strings.Contains(string(text), "leg nobody has not moved for 4s")
	})
	was, later := beats.Load(), time.Now().Add(5*time.Second)
	until(t, "more than two beats' time", func() bool { return time.Now().After(later) })
	if got := beats.Load(); got != was {
		t.Errorf("it beat %d times while it was ill", got-was)
	}
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
