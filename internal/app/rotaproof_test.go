package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/principal/person"
	"jobzero/internal/ticket"
)

// proved proves the rota, twice as after a crash, brings what is found to tickets, and gives what is believed then: by its severity and kind.
func (g *guardroom) proved() (out map[string]finding.Finding, tickets map[ticket.ID]ticket.Ticket) {
	g.Helper()
	for range 2 {
		if again, err := g.house.proveRota(g.Context(), "security"); err != nil || !again.After(g.clock.now) {
			g.Fatalf("again %s: %v", again, err)
		}
	}
	out, tickets = map[string]finding.Finding{}, map[ticket.ID]ticket.Ticket{}
	believe := func() {
		err := g.house.store.View(g.Context(), func(tx storeTx) error {
			all, err := tx.Findings(g.Context(), finding.Filter{By: byRota})
			for _, f := range all {
				_, rest, _ := strings.Cut(f.Title, ": ")
				kind, _, _ := strings.Cut(rest, ":")
				out[string(f.Severity)+" "+kind+" "+string(f.State)+" "+f.Why[strings.Index(f.Why, ", "):][:12]] = f
				if f.Ticket != "" {
					if tickets[ticket.ID(f.Ticket)], err = tx.Ticket(g.Context(), ticket.ID(f.Ticket)); err != nil {
						return err
					}
				}
			}
			return err
		})
		if err != nil {
			g.Fatal(err)
		}
	}
	believe()
	for _, f := range out {
		if _, err := g.house.triager.Triage(g.Context(), string(f.Fingerprint)); err != nil {
			g.Fatal(err)
		}
	}
	clear(out)
	believe()
	return out, tickets
}

// people has some leave, or come back.
func (g *guardroom) people(out time.Time, version int64, names ...string) {
	g.Helper()
	for _, who := range names {
		p := person.Person{ID: person.ID("01" + strings.ToUpper(who)), UserName: who, Active: out.IsZero(), Source: "hr", Version: version, Out: out, Changed: g.clock.now}
		err := g.house.store.Update(g.Context(), func(tx storeTx) error {
			return tx.SavePerson(g.Context(), p, person.Entry{Subject: p.ID, Seq: version, At: g.clock.now, Kind: person.Changed})
		})
		if err != nil {
			g.Fatal(err)
		}
	}
}

func states(all map[string]finding.Finding, begin string) (open, done int) {
	for k, f := range all {
		switch {
		case !strings.HasPrefix(k, begin):
		case f.State == finding.Done:
			done++
		default:
			open++
		}
	}
	return open, done
}

// TestARotaThatBreaksLaterIsAFinding: leave that was agreed on while others were there, and others who leave after it, make a hole. It is named on
// one ticket, is critical as it comes near, and is settled when somebody has the seat.
func TestARotaThatBreaksLaterIsAFinding(t *testing.T) {
	g := aGuardroom(t)
	if all, _ := g.proved(); len(all) != 0 {
		t.Fatalf("nothing is wrong: %v", all)
	}
	g.people(g.clock.now, 1, "quinn", "sam", "tess") // Dublin keeps two
	away := oncall.Change{ID: "01LEAVE", Kind: oncall.Away, By: "pia", Why: "agreed before they left", At: g.clock.now, Spans: []oncall.Span{
		{Person: "pia", From: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)},
	}}
	if err := g.house.store.Update(t.Context(), func(tx storeTx) error { return tx.AddChange(t.Context(), away) }); err != nil {
		t.Fatal(err)
	}
	g.clock.now = g.clock.now.Add(time.Minute)
	all, tickets := g.proved()
	gaps, _ := states(all, "high gap")
	left, _ := states(all, "medium left")
	if gaps != 1 || left != 3 || len(tickets) != 1 {
		t.Fatalf("%d gaps, %d have left, %d tickets: %v", gaps, left, len(tickets), all)
	}
	for k, f := range all {
		if strings.HasPrefix(k, "high gap") && !strings.Contains(f.Title, "gap: rota security: 2026-11-27T09:00Z to 2026-11-27T15:00Z, Dublin secondary: nobody is left: pia is on leave") {
			t.Errorf("it does not name the gap: %s", f.Title)
		}
		if f.Count != 1 {
			t.Errorf("it is said %d times", f.Count)
		}
	}
	g.clock.now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	all, tickets = g.proved()
	if open, _ := states(all, "critical gap"); open != 1 || len(tickets) != 1 {
		t.Errorf("the day before: %v", all)
	}
	for _, tk := range tickets {
		if tk.Severity != finding.Critical || tk.State == ticket.Closed {
			t.Errorf("%+v", tk)
		}
	}
	c, err := g.house.ChangeRota(t.Context(), oncall.Wish{Kind: oncall.Withdrawal, Change: "01LEAVE"}, oncall.Order{By: "pia", Why: "I am there"})
	if err != nil || c.Of != "01LEAVE" {
		t.Fatalf("%+v, %v", c, err)
	}
	all, _ = g.proved()
	if open, done := states(all, "critical gap"); open != 0 || done != 1 {
		t.Errorf("the hole is mended: %v", all)
	}
	g.people(time.Time{}, 2, "quinn", "sam", "tess") // they come back
	g.clock.now = g.clock.now.Add(time.Minute)
	all, _ = g.proved()
	for k, f := range all {
		if f.State != finding.Done {
			t.Errorf("%s is not mended: %s", k, f.Title)
		}
	}
}

// TestTheFirstHandoffIsAtOnce: a rota that was never handed over asks whoever has the shift, and until he accepts the plan is believed.
func TestTheFirstHandoffIsAtOnce(t *testing.T) {
	g := aGuardroom(t)
	h := g.handoff()
	if h.From != "" || h.To != "mia" || h.AcceptedBy != "mia" || !h.Due.Equal(time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", h)
	}
	wait := handoff.Handoff{ID: h.ID, Rota: h.Rota, State: handoff.Open, Due: h.Due, Ends: h.Ends, To: "mia", Second: "omar"}
	p, err := g.house.watch().Rotas.Plan("", oncall.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	d := handoff.Hold(p, wait, g.clock.now, g.clock.now)
	if d.Primary.Person != "mia" || d.Waiting == nil {
		t.Errorf("%+v", d)
	}
	if _, tell, _ := wait.Step(g.clock.now); len(tell) != 1 || tell[0].Person != "mia" || !strings.Contains(tell[0].What, "this is its first handoff") {
		t.Errorf("%+v", tell)
	}
	if c, err := g.house.Coming(context.WithoutCancel(t.Context()), g.clock.now); err != nil || len(c) != 1 || c[0].To != "rosa" || c[0].From != "mia" || c[0].ID != "" {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestDutyGoesOnAfterWhateverFailed: the legs of a rota that were given up are looked at again a minute later.
func TestDutyGoesOnAfterWhateverFailed(t *testing.T) {
	g := aGuardroom(t)
	for _, leg := range []string{legHandoff, legRota} {
		if err := g.house.poisoned(t.Context(), leg, "other", fault.New(fault.Internal, "a defect")); err != nil {
			t.Fatal(err)
		}
		later := g.clock.now.Add(time.Minute)
		hints, err := g.house.store.Unsent(t.Context(), leg, later, later, 10)
		if err != nil || !slices.ContainsFunc(hints, func(h flow.Hint) bool { return h.Ref == "other" }) {
			t.Errorf("%s: %v, %v", leg, hints, err)
		}
	}
}
