package triage_test

import (
	"testing"
	"time"

	"jobzero/internal/expect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// judges tells the desk what one read has found, and does no work that follows.
func (d *desk) judges(wrong ...finding.Finding) {
	d.t.Helper()
	if err := d.tri.Judged(d.t.Context(), triage.Judgement{Wrong: wrong}, d.now); err != nil {
		d.t.Fatal(err)
	}
}

// due lists what waits at a leg.
func (d *desk) due(leg string) (refs []string) {
	d.t.Helper()
	hints, err := d.store.Unsent(d.t.Context(), leg, d.now, d.now, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, h := range hints {
		refs = append(refs, h.Ref)
	}
	return refs
}

// writes changes rows behind the desk's back.
func (d *desk) writes(do func(*store.Tx) error) {
	d.t.Helper()
	if err := d.store.Update(d.t.Context(), do); err != nil {
		d.t.Fatal(err)
	}
}

// Whoever sees the ticket sees all of it: there is no moment at which one half is written down and the other is to come.
func TestWhatOneReadFindsComesToItsTicketTogether(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.judges(about("encryption", "orders", finding.Low, start), about("public", "orders", finding.Critical, start), about("policy", "orders", finding.High, start))
	all := d.tickets()
	if len(all) != 1 || all[0].Findings != 3 || all[0].Title != "public" || all[0].Severity != finding.Critical {
		t.Fatalf("want one ticket with all three, named after the worst; got %+v", all)
	}
	if lines := d.timeline(all[0].ID); len(lines) != 3 || lines[0].Kind != "opened" || lines[0].Text[:6] != "public" || lines[2].Kind != "joined" {
		t.Errorf("want it opened for the worst and joined by the others, got %+v", lines)
	}
	if left := d.due(triage.Leg); len(left) != 0 {
		t.Errorf("hints that can be lost are still needed for %v", left)
	}
	if next := d.due(triage.NextDoor); len(next) != 1 || next[0] != string(all[0].ID) {
		t.Errorf("want the ticket's own work, got %v", next)
	}
	d.judges(about("public", "orders", finding.Critical, start))
	if again := d.timeline(all[0].ID); len(again) != 3 {
		t.Errorf("the same read again is not the same once: %+v", again)
	}
}

// What was settled and is found wrong again opens its ticket once for all of it.
func TestWhatComesBackTogetherOpensItsTicketOnce(t *testing.T) {
	d := newDesk(t, t.TempDir())
	both := []finding.Finding{about("public", "orders", finding.Critical, start), about("policy", "orders", finding.High, start)}
	d.judges(both...)
	id := d.tickets()[0].ID
	d.now = start.Add(time.Minute)
	if err := triage.Close(t.Context(), store.In(d.store, func(tx *store.Tx) triage.Tx { return tx }), triage.Order{Ticket: id, Person: "mia", Reason: "done"}, d.now); err != nil {
		t.Fatal(err)
	}
	d.now = start.Add(time.Hour)
	for i := range both {
		both[i].Detected, both[i].Occurred, both[i].Sighting = d.now, d.now, d.now.String()
	}
	d.judges(both...)
	tk := d.tickets()[0]
	if tk.State != ticket.Open || tk.Reopened != 1 || tk.Findings != 2 {
		t.Errorf("want it opened again once, with both; got %+v", tk)
	}
	for _, f := range both {
		if got := d.finding(f.Fingerprint); got.State != finding.Open {
			t.Errorf("%s is %s", f.By, got.State)
		}
	}
}

// A finding whose ticket is not there keeps neither the judgement nor the other findings from being written down; the leg has it, which
// gives it to a person in the end.
func TestAFindingThatCannotComeToItsTicketIsLeftToTheLeg(t *testing.T) {
	d := newDesk(t, t.TempDir())
	lost := about("public", "orders", finding.Critical, start)
	d.writes(func(tx *store.Tx) error {
		f := lost
		f.State, f.Settled, f.Ticket, f.Count = finding.Done, start.Add(-time.Hour), "no-such-ticket", 2
		return tx.SaveFinding(t.Context(), f)
	})
	d.judges(lost, about("policy", "orders", finding.High, start))
	if all := d.tickets(); len(all) != 1 || all[0].Title != "policy" {
		t.Errorf("want a ticket for the other, got %+v", all)
	}
	if got := d.finding(lost.Fingerprint); got.State != finding.Open {
		t.Errorf("it is %s: the read that found it again is lost", got.State)
	}
	if left := d.due(triage.Leg); len(left) != 1 || left[0] != string(lost.Fingerprint) {
		t.Fatalf("nobody will look at it again: %v", left)
	}
	if _, err := d.tri.Triage(t.Context(), string(lost.Fingerprint)); !fault.Is(err, fault.NotFound) {
		t.Errorf("the leg must fail, so that a person gets it: %v", err)
	}
}

// A thousand reads that share a cause are not in each other's way at its one ticket.
func TestWhatManyReadsShareIsLeftToTheLeg(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.Critical, start)
	dark := expect.Unread(expect.Dark{Type: resource.Bucket, Account: f.Account, What: f.Resource.Key(), Code: fault.Denied}, start)
	j := triage.Judgement{What: f.Resource.Key(), Wrong: []finding.Finding{f}, Unread: []finding.Finding{dark}}
	if err := d.tri.Judged(t.Context(), j, d.now); err != nil {
		t.Fatal(err)
	}
	if left := d.due(triage.Leg); len(left) != 1 || left[0] != string(dark.Fingerprint) || len(d.tickets()) != 1 {
		t.Errorf("at the leg: %v; tickets: %+v", left, d.tickets())
	}
}
