package playbook_test

import (
	"testing"

	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// Everything on the ticket is settled; between the look at that and the closing it comes back, is reported and triaged, all of
// it without a line on the timeline. The ticket must not close over it.
func TestATicketDoesNotCloseOverWhatCameBack(t *testing.T) {
	ctx := t.Context()
	w := newTown(ctx, t, t.TempDir(), 1)
	t.Cleanup(func() { _ = w.store.Close() })
	var p *plot
	for _, p = range w.plots {
		p.public = true
	}
	f := p.belief("not-public", finding.Expectation, w.now)
	report := func() {
		f.Detected = w.now
		if err := w.triager.Report(ctx, []finding.Finding{f}, w.now); err != nil {
			t.Fatal(err)
		}
		if _, err := w.work(ctx, func(int) int { return 0 }); err != nil { // triage is the first leg
			t.Fatal(err)
		}
	}
	report()
	settled := 0 // looks at a ticket on which nothing is open and which is not closed: the first reads it, the second closes it
	w.meanwhile = func() {
		w.see(ctx, func(tx *store.Tx) error {
			known, _, err := tx.Finding(ctx, f.Fingerprint)
			if known.State == finding.Done {
				settled++
			}
			return err
		})
		if settled == 2 {
			settled, p.public = 3, true
			report()
		}
	}
	for range 500 {
		more, err := w.work(ctx, func(int) int { return 0 })
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
	}
	if settled < 3 {
		t.Fatal("it never came back: the test tests nothing")
	}
	if tk := w.tickets(ctx)[0]; tk.State != ticket.Closed || p.public || w.calls != 2 {
		t.Errorf("ticket %s (%s), public %v, %d repairs: want it repaired twice and closed", tk.State, tk.Reason, p.public, w.calls)
	}
	for _, text := range w.broken {
		t.Error(text)
	}
}
