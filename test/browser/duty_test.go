package browser_test

import (
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/finding"
	"jobzero/internal/oncall"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/handoff"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

const linkSecret = "made-up-and-only-for-the-picture"

// dutyPages are those about who is on duty.
func dutyPages() []visited {
	return []visited{
		{"handoffs", "/oncall/handoff"},
		{"handoff-escalated", "/oncall/handoff/security-20261123T0900Z"},
		{"handoff-accepted", "/oncall/handoff/security-20261123T0300Z"},
		{"handoff-link", "/oncall/accept/" + linkSecret},
		{"rota", "/oncall/rota"},
		{"pages", "/pages"},
		{"page", "/pages/01JPAGE0000000000000000001"},
	}
}

// fillDuty makes up handoffs, a page of a storm, and a change of the rota.
func fillDuty(tb testing.TB, c config.Config) {
	tb.Helper()
	st, err := store.Open(tb.Context(), c.DatabaseURL().Reveal())
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	now := time.Now().UTC().Truncate(time.Minute)
	err = st.Update(tb.Context(), func(tx *store.Tx) error {
		if err := someHandoffs(tb, tx, now); err != nil {
			return err
		}
		if err := someChange(tb, tx, now); err != nil {
			return err
		}
		return somePage(tb, tx, now)
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func document(at time.Time, tickets []ticket.Ticket) handoff.Document {
	d := handoff.Document{Written: at}
	var open []handoff.Item
	for _, k := range tickets {
		open = append(open, handoff.Item{ID: string(k.ID), Title: k.Title, Level: string(k.Severity), State: string(k.State), Owner: k.Owner.Team, At: k.Clocks.Opened, Why: k.Reason})
	}
	for _, name := range handoff.Names() {
		items := map[handoff.Name][]handoff.Item{
			handoff.Watch:   {{Title: "The rota does not hold: left: rota security: sam has left and is still a member", Why: "jobzero oncall check"}},
			handoff.Tickets: open,
			handoff.Waivers: {{Title: "s3-bucket-not-public", Owner: "storefront", At: at.Add(48 * time.Hour), Why: "The old export is read by a partner until their move is done."}},
		}[name]
		d.Parts = append(d.Parts, handoff.NewPart(name, items, false))
	}
	return d
}

func someHandoffs(tb testing.TB, tx *store.Tx, now time.Time) error {
	found, err := tx.TicketPage(tb.Context(), ticket.Query{States: []ticket.State{ticket.Human}, Size: 6})
	if err != nil {
		return err
	}
	due := now.Add(-20 * time.Minute)
	waits := handoff.Write(handoff.Planned{
		Shift: oncall.Shift{Rota: "security", Site: "Dublin", Start: due, End: due.Add(6 * time.Hour)}, From: oncall.Holder{Person: "mia", Since: due.Add(-6 * time.Hour)}, To: "ana", Other: "tess",
	}, document(due.Add(-handoff.Before), found.Tickets))
	waits.ID = "security-20261123T0900Z"
	waits.Asked = []handoff.Asked{{Person: "ana", As: handoff.AsNext, At: due.Add(-handoff.Before)}, {Person: "tess", As: handoff.AsSecond, At: due.Add(handoff.Patience)}}
	waits.Notes = []handoff.Note{{By: "mia", At: due.Add(-5 * time.Minute), Text: "The vendor of the export calls back at ten.\nThe key of the build is being replaced: leave it alone."}}
	done := waits
	done.ID, done.Due, done.Ends, done.From, done.To, done.Site = "security-20261123T0300Z", due.Add(-6*time.Hour), due, "hana", "mia", "Sydney"
	done.Asked = []handoff.Asked{{Person: "mia", As: handoff.AsNext, At: done.Due.Add(-handoff.Before)}}
	done.State, done.AcceptedBy, done.AcceptedAt, done.AcceptedVia, done.Notes = handoff.Accepted, "mia", done.Due.Add(-3*time.Minute), handoff.ByLink, nil
	gone := done
	gone.ID, gone.Due, gone.Ends, gone.From, gone.To, gone.Site = "security-20261122T2100Z", due.Add(-12*time.Hour), done.Due, "cleo", "hana", "Herndon"
	gone.State, gone.AcceptedBy, gone.AcceptedAt, gone.AcceptedVia = handoff.Lapsed, "", time.Time{}, ""
	for _, h := range []handoff.Handoff{waits, done, gone} {
		if err := tx.SaveHandoff(tb.Context(), h); err != nil {
			return err
		}
	}
	return tx.SaveHandoffLink(tb.Context(), handoff.Link{Hash: handoff.LinkHash(linkSecret), Handoff: waits.ID, Person: "ana", Made: due, Ends: waits.Ends, Version: 1})
}

func someChange(tb testing.TB, tx *store.Tx, now time.Time) error {
	return tx.AddChange(tb.Context(), oncall.Change{
		ID: "01JCHANGE00000000000000001", Kind: oncall.Override, Rota: "security", By: "ana", Why: "the train is late", At: now, Accept: []oncall.FaultKind{oncall.Rest},
		Spans: []oncall.Span{{Seat: oncall.Primary, Person: "quinn", From: now.Add(24 * time.Hour), Until: now.Add(27 * time.Hour)}},
	})
}

func somePage(tb testing.TB, tx *store.Tx, now time.Time) error {
	found, err := tx.TicketPage(tb.Context(), ticket.Query{States: []ticket.State{ticket.Human}, Severity: finding.High, Size: 3})
	if err != nil {
		return err
	}
	policy, err := escalate.Default()
	if err != nil {
		return err
	}
	var p escalate.Page
	for i, k := range found.Tickets {
		c := escalate.CaseOf(k, nil, "no playbook settles it")
		if i == 0 {
			p, _ = escalate.Open("01JPAGE0000000000000000001", c, policy, now.Add(-10*time.Minute))
		} else {
			p.Join(c, policy, now.Add(-9*time.Minute))
		}
		if err := tx.JoinPage(tb.Context(), "01JPAGE0000000000000000001", k.ID, c.Keys, now); err != nil {
			return err
		}
	}
	calls, _ := p.Pass(now.Add(-8*time.Minute), escalate.World{Seats: escalate.Seats{Primary: "ana", Secondary: "tess"}, Quiet: policy.Quiet})
	for _, c := range calls {
		c.Move(escalate.Sent, "email", "", c.At)
		if _, err := tx.AddCall(tb.Context(), c); err != nil {
			return err
		}
	}
	p.Version = 1
	return tx.SavePage(tb.Context(), p)
}
