package triage_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/finding"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// imported is what a tool says after some minutes; an empty word says that it holds.
func imported(bucket string, minute int, word string) triage.Heard {
	ref := resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: bucket}
	at := start.Add(time.Duration(minute) * time.Minute)
	h := triage.Heard{Settled: word == "resolved", Silent: word == "archived", Finding: finding.Finding{
		Fingerprint: finding.Print(finding.Imported, "tool", bucket), Kind: finding.Imported, By: "tool/open", Title: "open", Severity: finding.High,
		Account: ref.Account, Resource: &ref, Occurred: at, Detected: at, Sighting: "g-1@" + at.Format(time.RFC3339),
		Evidence: []finding.Evidence{{Kind: "report", At: at, Text: "as of " + at.Format(time.RFC3339)}},
	}}
	if word != "" {
		h.Finding.Note = "tool says that it is " + word
	}
	return h
}

func (d *desk) hears(h triage.Heard) {
	d.t.Helper()
	if err := d.tri.Hear(d.t.Context(), []triage.Heard{h}, d.now); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.tri.Triage(d.t.Context(), string(h.Finding.Fingerprint)); err != nil {
		d.t.Fatal(err)
	}
}

// Whatever order the words of a tool come in and however often, the newest says how its finding is, once it is known; what was
// only put away never settles it.
func TestTheNewestWordOfAToolCounts(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.now = start.Add(time.Hour)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		bucket := fmt.Sprintf("bucket-%d", n)
		d.hears(imported(bucket, 0, ""))
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"", "resolved", "archived"}), 1, 5).Draw(r, "words")
		want := finding.Open
		var all []triage.Heard
		for i, w := range words {
			switch w {
			case "":
				want = finding.Open
			case "resolved":
				want = finding.Done
			}
			all = append(all, imported(bucket, i+1, w))
		}
		all = append(all, all...)
		for _, h := range rapid.Permutation(all).Draw(r, "order") {
			d.hears(h)
		}
		if got := d.finding(all[0].Finding.Fingerprint); got.State != want {
			r.Fatalf("%q: the finding is %s, settled %s, last seen %s", words, got.State, got.Settled, got.LastSeen)
		}
		d.view(func(tx *store.Tx) error {
			tk, ok, err := tx.TicketOf(t.Context(), all[0].Finding.Subject())
			if !ok || (tk.State == ticket.Closed) != (want == finding.Done) {
				r.Fatalf("%q: %+v, %v", words, tk, err)
			}
			return err
		})
	})
}

// Put away before it was known, it may be as bad as any other; over before it was known, it is nothing to keep.
func TestWhatWasOverBeforeItWasKnown(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.now = start.Add(time.Hour)
	d.hears(imported("orders", 1, "resolved"))
	if all := d.tickets(); len(all) != 0 {
		t.Fatalf("resolved: %+v", all)
	}
	d.hears(imported("orders", 2, "archived"))
	if all := d.tickets(); len(all) != 1 || all[0].State != ticket.Open {
		t.Errorf("archived: %+v", all)
	}
}

// A word that comes before there is a ticket is in the evidence with which the ticket opens.
func TestPutAwayBeforeTheTicketWasOpened(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.now = start.Add(time.Hour)
	if err := d.tri.Hear(t.Context(), []triage.Heard{imported("orders", 1, ""), imported("orders", 2, "archived")}, d.now); err != nil {
		t.Fatal(err)
	}
	f := d.finding(imported("orders", 1, "").Finding.Fingerprint)
	if f.State != finding.Open || len(f.Evidence) != 1 || f.Evidence[0].Text != "as of "+start.Add(2*time.Minute).Format(time.RFC3339) {
		t.Errorf("got %+v", f)
	}
}

// What something keeps putting back is not closed by the word of a tool.
func TestAContendedTicketIsNotClosedByATool(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.now = start.Add(time.Hour)
	d.hears(imported("orders", 1, ""))
	tk := d.tickets()[0]
	tk.Contended = true
	if err := d.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) }); err != nil {
		t.Fatal(err)
	}
	d.hears(imported("orders", 2, "resolved"))
	if f := d.finding(imported("orders", 1, "").Finding.Fingerprint); f.State != finding.Done || d.tickets()[0].State == ticket.Closed {
		t.Errorf("the finding is %s and the ticket %+v", f.State, d.tickets()[0])
	}
}
