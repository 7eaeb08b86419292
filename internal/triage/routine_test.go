package triage_test

import (
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// TestWhatCanWaitHasATicketOfItsOwn: what no playbook settles and is not urgent does not keep the repaired thing open.
func TestWhatCanWaitHasATicketOfItsOwn(t *testing.T) {
	d := newDesk(t, t.TempDir())
	settled := "blocked"
	d.tri = triage.New(triage.Options{
		Store:  store.In(d.store, func(tx *store.Tx) triage.Tx { return tx }),
		Owners: func() triage.Owners { return owners{} }, Now: func() time.Time { return d.now },
		NewID:   func(time.Time) ticket.ID { d.ids++; return ticket.ID("ticket-" + string(rune('0'+d.ids))) },
		Settles: func(f finding.Finding) bool { return f.By == settled },
	})
	public, blocked := about("public", "orders", finding.High, start), about("blocked", "orders", finding.Medium, start)
	versioned, tagged := about("versioned", "orders", finding.Medium, start), about("tagged", "orders", finding.Low, start)
	d.sees(versioned, public, blocked, tagged)
	for _, f := range []finding.Finding{public, blocked, versioned, tagged} {
		var tk ticket.Ticket
		d.view(func(tx *store.Tx) (err error) {
			tk, err = tx.Ticket(t.Context(), ticket.ID(d.finding(f.Fingerprint).Ticket))
			return err
		})
		if want := f.By == "versioned" || f.By == "tagged"; tk.Routine != want || tk.Findings != 2 {
			t.Errorf("%s: routine %v with %d findings, want %v with 2", f.By, tk.Routine, tk.Findings, want)
		}
	}
	described := about("described", "orders", finding.Informational, start)
	if d.sees(described); d.finding(described.Fingerprint).Ticket != "" || d.finding(described.Fingerprint).State != finding.Open {
		t.Errorf("what is for the figures alone is %+v", d.finding(described.Fingerprint))
	}
	if all := d.tickets(); len(all) != 2 {
		t.Fatalf("%d tickets", len(all))
	}

	settled = "versioned" // a playbook that comes later: what is on a ticket stays there
	d.now = d.now.Add(time.Hour)
	again := about("versioned", "orders", finding.Medium, d.now)
	d.sees(again)
	if before, now := d.finding(versioned.Fingerprint).Ticket, d.finding(again.Fingerprint).Ticket; before != now || len(d.tickets()) != 2 {
		t.Errorf("it moved from %s to %s; %d tickets", before, now, len(d.tickets()))
	}
	if d.sees(about("versioned", "bills", finding.Medium, d.now)); d.tickets()[0].Routine {
		t.Error("what a playbook settles is not routine")
	}
}
