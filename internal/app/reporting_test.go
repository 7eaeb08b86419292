package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/notice"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/report"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// TestAReportTypedInSlack is in the name of whoever typed it, says that it is, and can be followed.
func TestAReportTypedInSlack(t *testing.T) {
	h, _, chat := phones(t)
	socket := chat.Connected(t.Context())
	said := socket.Type("U0KIM", "report A door stands open\nIn the cellar.")
	if !strings.Contains(said, "in your name: Slack is not anonymous") {
		t.Fatal(said)
	}
	_, rest, _ := strings.Cut(said, "by the code ")
	code, err := report.ParseCode(strings.Split(rest, ",")[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.reports().Follow(t.Context(), code)
	if err != nil || p.Title != "A door stands open" || p.State != ticket.Human {
		t.Errorf("%+v, %v", p, err)
	}
	if got := socket.Type("U0KIM", "help"); !strings.Contains(got, "report WHAT IS WRONG") {
		t.Error(got)
	}
}

// TestFloods: nobody sends more than so many in an hour, and those who are not named count together.
func TestFloods(t *testing.T) {
	h, _, _ := phones(t)
	send := func(s report.Said) error {
		s.Title = "A door"
		_, _, err := h.reports().Send(t.Context(), s)
		return err
	}
	for i := range reportsOfUnnamed {
		if err := send(report.Said{Anonymous: true}); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	if err := send(report.Said{Anonymous: true}); !fault.Is(err, fault.Denied) {
		t.Errorf("one more: %v", err)
	}
	if err := send(report.Said{Person: "kim"}); err != nil {
		t.Errorf("somebody with a name: %v", err)
	}
	if err := send(report.Said{Anonymous: true, Open: true}); err != nil {
		t.Errorf("a stranger, who is counted apart: %v", err)
	}
}

// TestToTheTop opens what was closed, makes it worse, and tells those at the top.
func TestToTheTop(t *testing.T) {
	h, _, _ := phones(t)
	r := h.reports()
	said, code, err := r.Send(t.Context(), report.Said{Anonymous: true, Title: "A door"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Escalate(t.Context(), code); !fault.Is(err, fault.Invalid) {
		t.Errorf("nobody is at the top: %v", err)
	}
	r.Org.People[1].Manager = "kim"
	err = h.store.Update(t.Context(), func(tx storeTx) error {
		tk, err := tx.Ticket(t.Context(), ticket.ID(said.ID))
		if err != nil {
			return err
		}
		if err := tk.Move(ticket.Closed, "nothing was found", h.clock.Now()); err != nil {
			return err
		}
		return tx.AppendEntry(t.Context(), &tk, ticket.Entry{At: h.clock.Now(), Actor: "person/lee", Kind: "state", Text: "closed"})
	})
	if err != nil {
		t.Fatal(err)
	}
	p, told, err := r.Escalate(t.Context(), code)
	if err != nil || len(told) != 1 || told[0] != "kim" || p.State != ticket.Human || len(p.Escalated) != 1 {
		t.Errorf("%+v, %v, %v", p, told, err)
	}
	err = h.store.View(t.Context(), func(tx storeTx) error {
		tk, err := tx.Ticket(t.Context(), ticket.ID(said.ID))
		if tk.Severity != finding.High || tk.Reopened != 1 {
			t.Errorf("%+v", tk)
		}
		all, err2 := tx.Deliveries(t.Context(), notice.Filter{Person: "kim"})
		if len(all) != 1 || all[0].Message.Severity != finding.High || err2 != nil {
			t.Errorf("%+v, %v", all, err2)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestClosingTellsWhoeverReported: who closes the ticket says why, and whoever has the code reads it. Until then its clocks are the policy's.
func TestClosingTellsWhoeverReported(t *testing.T) {
	h, _, _ := phones(t)
	r := h.reports()
	said, code, err := r.Send(t.Context(), report.Said{Anonymous: true, Title: "A door"})
	if err != nil {
		t.Fatal(err)
	}
	line, _ := r.Policy.LineFor(finding.Medium, []finding.Kind{finding.Reported})
	p, err := r.Follow(t.Context(), code)
	if err != nil || line.Fix.Within == 0 || !p.FixBy.Equal(said.Made.Add(line.Fix.Within.Of())) || p.Outcome != "" {
		t.Errorf("%+v, %v, of %s", p, err, line.Fix.Within)
	}
	triaged := store.In(h.store, func(tx *store.Tx) triage.Tx { return tx })
	o := triage.Order{Ticket: ticket.ID(said.ID), Person: "lee", Reason: "It is shut, and has a new lock"}
	if err := triage.Close(t.Context(), triaged, o, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if p, err = r.Follow(t.Context(), code); err != nil || p.State != ticket.Closed || p.Closed.IsZero() || p.Outcome != o.Reason {
		t.Errorf("%+v, %v", p, err)
	}
	if err := triage.Reopen(t.Context(), triaged, triage.Order{Ticket: o.Ticket, Person: "lee", Reason: "It is open again"}, h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if p, err = r.Follow(t.Context(), code); err != nil || p.State != ticket.Human || p.Outcome != "" {
		t.Errorf("opened again: %+v, %v", p, err)
	}
}

// TestReportsHaveAPage: the pager opens one of the policy's own line for reports, and the ticket has its clock.
func TestReportsHaveAPage(t *testing.T) {
	h, _, _ := phones(t)
	k := *h.knowledge.Load()
	policy, err := escalate.Parse("escalation.yaml", []byte(`lines:
  - name: reports
    severities: [medium]
    kinds: [report]
    acknowledge: [{ask: [person/kim], within: 10m}]
    fix: {within: 3h, levels: [{ask: [person/kim], within: 1h}]}
  - name: others
    severities: [informational, low, medium, high, critical]
    acknowledge: [{ask: [person/kim], within: 1h}]
`))
	if err != nil {
		t.Fatal(err)
	}
	k.Escalation = policy
	h.knowledge.Store(&k)
	said, _, err := h.reports().Send(t.Context(), report.Said{Anonymous: true, Title: "A door"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.pager.Advance(t.Context(), pager.TicketRef(ticket.ID(said.ID))); err != nil {
		t.Fatal(err)
	}
	err = h.store.View(t.Context(), func(tx storeTx) error {
		id, err := tx.PageOf(t.Context(), ticket.ID(said.ID))
		if err != nil {
			return err
		}
		p, err := tx.Page(t.Context(), id)
		if p.Line.Name != "reports" || !p.FixBy.Equal(said.Made.Add(3*time.Hour)) {
			t.Errorf("%+v", p)
		}
		tk, bad := tx.Ticket(t.Context(), ticket.ID(said.ID))
		if !tk.Clocks.FixBy.Equal(said.Made.Add(3 * time.Hour)) {
			t.Errorf("%+v", tk.Clocks)
		}
		return errors.Join(err, bad)
	})
	if err != nil {
		t.Fatal(err)
	}
}
