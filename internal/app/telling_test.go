package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/notify"
	"jobzero/internal/notify/email"
	"jobzero/internal/notify/notifytest"
	"jobzero/internal/notify/slack"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/playbook"
	"jobzero/internal/telemetry"
	"jobzero/internal/ticket"
)

// phones is a running house whose people have a mail box and Slack.
func phones(t *testing.T) (*House, *notifytest.Server, *notifytest.Slack) {
	t.Helper()
	post, chat := notifytest.Start(t, nil), notifytest.StandSlack(t, map[string]string{"U0KIM": "kim@example.com", "U0EVE": "eve@example.net"})
	c := config.Default()
	c.DataDir, c.Listen = t.TempDir(), "127.0.0.1:0"
	c.Org = filepath.Join(t.TempDir(), "org.yaml")
	if err := os.WriteFile(c.Org, []byte("people:\n  - {id: kim, name: Kim, email: kim@example.com}\n  - {id: lee, name: Lee}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Notify.SMTP = email.Config{Server: post.Address, From: "jobzero@example.com", TLS: email.Plain}
	c.Notify.Slack = slack.Config{Token: telemetry.Secret(chat.Bot), AppToken: telemetry.Secret(chat.App), Endpoint: chat.Endpoint()}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler), Roles: []string{notify.Leg, legChat}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return h, post, chat
}

func tellOf(t *testing.T, h *House, m notice.Message, to notice.To) (id notice.ID) {
	t.Helper()
	err := h.store.Update(t.Context(), func(tx storeTx) (err error) {
		id, err = notify.Send(t.Context(), tx, m, to, h.clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// until waits for a delivery to be as it should.
func until(t *testing.T, h *House, id notice.ID, as func(notice.Delivery) bool) (d notice.Delivery) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for {
		err := h.store.View(t.Context(), func(tx storeTx) (err error) {
			d, err = tx.Delivery(t.Context(), id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if as(d) {
			return d
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("it stays %+v", d)
		}
	}
}

func pageOf(level string) notice.Message {
	return notice.Message{
		Occasion: "page 1/" + level, Thread: "page 1", Kind: notice.Page, Severity: finding.High, Title: "Key is leaked",
		Buttons: []notice.Deed{notice.Acknowledge, notice.Escalate},
	}
}

// asked keeps a page of a ticket, and has a person called for it.
func asked(t *testing.T, h *House, person string) (escalate.Page, escalate.Call) {
	t.Helper()
	now := h.clock.Now()
	tk := ticket.Ticket{ID: "01JD7ZBBBBBBBBBBBBBBBBBBBB", State: ticket.Investigating, Subject: "x", Title: "Key is leaked", Severity: finding.High}
	p := escalate.Page{
		ID: "01JD7ZPAGE", State: escalate.Asking, Title: "Key is leaked", Severity: finding.High, First: tk.ID, Tickets: 1, Open: 1, Opened: now, Joined: now,
		Version: 1,
	}
	c := escalate.Call{Page: p.ID, Chain: "answer", Person: person, Seat: "primary", At: now, State: escalate.Queued}
	err := h.store.Update(t.Context(), func(tx storeTx) error {
		if err := tx.AppendEntry(t.Context(), &tk, ticket.Entry{At: now, Actor: "test", Kind: "opened", Text: "x"}); err != nil {
			return err
		}
		if err := tx.SavePage(t.Context(), p); err != nil {
			return err
		}
		if err := tx.JoinPage(t.Context(), p.ID, tk.ID, nil, now); err != nil {
			return err
		}
		if _, err := tx.AddCall(t.Context(), c); err != nil {
			return err
		}
		return h.wayToPeople().Carry(t.Context(), tx, p, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

// TestAPressInSlackAnswersAPage: a page goes out by Slack, is acknowledged there over the connection that we opened, and has it from whom; nobody
// else is told any more.
func TestAPressInSlackAnswersAPage(t *testing.T) {
	h, post, chat := phones(t)
	socket := chat.Connected(t.Context())
	p, c := asked(t, h, "kim")
	id := notice.Name(callOccasion+c.Key(), notice.To{Person: "kim"})
	more := pageOf("2")
	more.Thread = pageThread(p.ID)
	other := tellOf(t, h, more, notice.To{Person: "kim", Channel: "email"})
	until(t, h, id, func(d notice.Delivery) bool { return d.State == notice.Sent })
	until(t, h, other, func(d notice.Delivery) bool { return d.State == notice.Sent })
	socket.Press("U0EVE", "jobzero/acknowledge", string(id))
	socket.Press("U0KIM", "jobzero/approve", string(id))
	if d := until(t, h, id, func(notice.Delivery) bool { return true }); d.State != notice.Sent {
		t.Errorf("a stranger's press, or one that nothing follows on, made it %+v", d)
	}
	socket.Press("U0KIM", "jobzero/acknowledge", string(id))
	d := until(t, h, id, func(d notice.Delivery) bool { return d.Followed == notice.Acknowledged })
	if d.By != "kim" || d.Via != "slack" || len(d.Attempts) != 1 {
		t.Errorf("%+v", d)
	}
	until(t, h, other, func(d notice.Delivery) bool { return d.State == notice.Lapsed })
	socket.Press("U0KIM", "jobzero/acknowledge", string(id))
	if len(post.Letters()) != 1 {
		t.Errorf("%d letters", len(post.Letters()))
	}
	var updated bool
	for _, c := range chat.Calls() {
		updated = updated || c.Path == "/api/chat.update" && strings.Contains(c.Body, "Answered+by+kim")
	}
	if !updated {
		t.Error("the message in Slack does not say who has answered")
	}
	err := h.store.View(t.Context(), func(tx storeTx) (err error) {
		if p, err = tx.Page(t.Context(), p.ID); err != nil {
			return err
		}
		c, err = tx.Call(t.Context(), c.Key())
		return err
	})
	if err != nil || p.State != escalate.Acknowledged || p.By != "kim" || c.State != escalate.Answered || c.Via != "slack" {
		t.Errorf("the page is %s with %q, the call %s by %q: %v", p.State, p.By, c.State, c.Via, err)
	}
}

// TestWhoCannotBeToldIsSaidOnTheTicket.
func TestWhoCannotBeToldIsSaidOnTheTicket(t *testing.T) {
	h, _, _ := phones(t)
	tk := ticket.Ticket{ID: "01JD7ZAAAAAAAAAAAAAAAAAAAA", State: ticket.Human, Subject: "x", Title: "x", Severity: finding.High}
	err := h.store.Update(t.Context(), func(tx storeTx) error {
		return tx.AppendEntry(t.Context(), &tk, ticket.Entry{At: h.clock.Now(), Actor: "test", Kind: "opened", Text: "x"})
	})
	if err != nil {
		t.Fatal(err)
	}
	m := pageOf("1")
	m.Ticket = tk.ID
	until(t, h, tellOf(t, h, m, notice.To{Person: "lee"}), func(d notice.Delivery) bool { return d.State == notice.Failed })
	err = h.store.View(t.Context(), func(tx storeTx) error {
		all, err := tx.Timeline(t.Context(), tk.ID)
		if n := len(all); n != 2 || all[1].Kind != "not told" || !strings.Contains(all[1].Text, "lee was not told") {
			t.Errorf("%+v", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAPlaybooksQuestionIsAnsweredInSlack: whoever answers for the ticket is asked with the row of the run, and the answer is theirs.
func TestAPlaybooksQuestionIsAnsweredInSlack(t *testing.T) {
	h, _, chat := phones(t)
	socket := chat.Connected(t.Context())
	tk := ticket.Ticket{ID: "01JD7ZAAAAAAAAAAAAAAAAAAAA", State: ticket.Investigating, Subject: "x", Title: "Key is leaked", Severity: finding.High, Owner: ticket.Owner{Person: "kim"}}
	run := playbook.Run{ID: "01JD7ZRRRRRRRRRRRRRRRRRRRR", Ticket: tk.ID, Playbook: "deactivate-leaked-key", State: playbook.Running, Started: h.clock.Now(), Asker: "lee", Steps: []playbook.Step{{
		ID: "off", State: playbook.StepAsking, Ask: &playbook.Ask{Of: "deactivate the key", Need: 1, Until: h.clock.Now().Add(time.Hour)},
	}}}
	save := func(tx storeTx) error { return asking{tx, h}.SaveRun(t.Context(), run) }
	err := h.store.Update(t.Context(), func(tx storeTx) error {
		one := tk // the transaction may be tried again
		if err := tx.AppendEntry(t.Context(), &one, ticket.Entry{At: h.clock.Now(), Actor: "test", Kind: "opened", Text: "x"}); err != nil {
			return err
		}
		return save(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Update(t.Context(), save); err != nil { // the run moves on elsewhere: nobody is asked twice
		t.Fatal(err)
	}
	var all []notice.Delivery
	err = h.store.View(t.Context(), func(tx storeTx) (err error) {
		all, err = tx.Deliveries(t.Context(), notice.Filter{})
		return err
	})
	if err != nil || len(all) != 1 || all[0].To.Person != "kim" || all[0].Message.About != run.ID+"/off" {
		t.Fatalf("%+v, %v", all, err)
	}
	until(t, h, all[0].ID, func(d notice.Delivery) bool { return d.State == notice.Sent })
	socket.Press("U0KIM", "jobzero/approve", string(all[0].ID))
	for _, c := range chat.Calls() {
		if c.Path == "/api/chat.postEphemeral" && strings.Contains(c.Body, "Nothing+was+done") {
			t.Fatal(c.Body)
		}
	}
	until(t, h, all[0].ID, func(d notice.Delivery) bool { return d.State == notice.Acknowledged && d.Deed == notice.Approve })
	err = h.store.View(t.Context(), func(tx storeTx) error {
		r, err := tx.Run(t.Context(), run.ID)
		if q := r.Steps[0].Ask; len(q.Yes) != 1 || q.Yes[0].Person != "kim" || q.Yes[0].Reason != "by slack" {
			t.Errorf("%+v", q)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
