package triage_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
	"jobzero/internal/triage"
)

// What a person has because nobody could tell is the software's again once it can be told that it is wrong.
func TestWhatCanBeToldAtLastIsTheSoftwaresAgain(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.High, start)
	f.Unknown, f.Why = true, "access denied"
	d.sees(f)
	kept := d.finding(f.Fingerprint)
	kept.State, kept.Note = finding.Human, "cannot tell"
	d.change(kept, ticket.Human)

	d.now = start.Add(time.Hour)
	again := at(time.Hour)(f)
	d.sees(again) // still not known: it stays with the person
	if got := d.finding(f.Fingerprint); got.State != finding.Human {
		t.Fatalf("what is still unknown is %s", got.State)
	}
	d.now = start.Add(2 * time.Hour)
	known := at(2 * time.Hour)(f)
	known.Unknown, known.Why = false, "it is public"
	d.sees(known)
	got := d.finding(f.Fingerprint)
	if got.State != finding.Open || got.Unknown || got.Why != "it is public" || got.Note != "" {
		t.Errorf("got %s, unknown %v, %s", got.State, got.Unknown, got.Why)
	}
	if !got.Occurred.Equal(start) {
		t.Errorf("it has been so since %s, not %s", start, got.Occurred)
	}
}

// A finding that never came to a ticket, because triage failed for good, gets another chance with the next sighting.
func TestWhatNeverCameToATicketIsTriedAgain(t *testing.T) {
	for _, kind := range []finding.Kind{finding.Rule, finding.Expectation} {
		d := newDesk(t, t.TempDir())
		f := about("public", "orders", finding.High, start)
		f.Kind = kind
		if err := d.tri.Report(t.Context(), []finding.Finding{f}, d.now); err != nil {
			t.Fatal(err)
		}
		left := d.finding(f.Fingerprint)
		left.State = finding.Human
		if err := d.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveFinding(t.Context(), left) }); err != nil {
			t.Fatal(err)
		}
		d.now = start.Add(time.Hour)
		d.sees(at(time.Hour)(f))
		if got := d.finding(f.Fingerprint); got.State != finding.Open || got.Ticket == "" {
			t.Errorf("%s: the finding is %s on ticket %q", kind, got.State, got.Ticket)
		}
	}
}

// Somebody else did it this time: the ticket that is opened again must not blame the one from last time, and its owner is
// whoever answers for it today.
func TestWhatComesBackIsToldAsItIsNow(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.Low, start)
	f.Principal = "arn:aws:iam::111122223333:user/robin"
	d.sees(f)
	settled := d.finding(f.Fingerprint)
	settled.State, settled.Settled = finding.Done, start.Add(time.Minute)
	d.change(settled, ticket.Investigating, ticket.Closed)
	tk := d.tickets()[0]
	tk.Owner = ticket.Owner{Team: "gone", Via: "account"}
	if err := d.store.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) }); err != nil {
		t.Fatal(err)
	}

	d.now = start.Add(time.Hour)
	again := at(time.Hour)(f)
	again.Principal, again.Severity, again.Title = "arn:aws:iam::111122223333:user/kim", finding.Critical, "public to all"
	again.Tags = map[string]string{"service": "shop"}
	again.Occurred = start.Add(-time.Hour) // the last event that touched it is older than the repair: that is not when it came back
	d.sees(again)
	got := d.finding(f.Fingerprint)
	if got.Principal != again.Principal || got.Tags["service"] != "shop" || got.Count != 2 {
		t.Errorf("got %+v", got)
	}
	if !got.Occurred.Equal(settled.Settled) {
		t.Errorf("it was well at %s and is said to have come back at %s", settled.Settled, got.Occurred)
	}
	if tk = d.tickets()[0]; tk.State != ticket.Open || tk.Severity != finding.Critical || tk.Owner.Team != "storefront" {
		t.Errorf("got %+v", tk)
	}
}

// The same state, seen again, is no new sighting; but it was seen, and what was read before that must not settle it.
func TestAStateSeenAgainCountsAsSeen(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.High, start)
	d.sees(f)
	lines := len(d.timeline(d.tickets()[0].ID))
	f.Detected, d.now = start.Add(time.Minute), start.Add(time.Minute)
	d.sees(f)
	if got := d.finding(f.Fingerprint); !got.LastSeen.Equal(d.now) || got.Count != 1 {
		t.Errorf("last seen %s, count %d", got.LastSeen, got.Count)
	}
	if n := len(d.timeline(d.tickets()[0].ID)); n != lines {
		t.Errorf("%d lines for what is nothing new", n-lines)
	}
}

func TestNothingIsOfTheFuture(t *testing.T) {
	d := newDesk(t, t.TempDir())
	f := about("public", "orders", finding.High, start.AddDate(1, 0, 0))
	f.Kind = finding.Rule
	d.sees(f)
	c := d.tickets()[0].Clocks
	if got := d.finding(f.Fingerprint); got.LastSeen.After(d.now) || c.Occurred.After(c.Detected) || c.Detected.After(c.Opened) {
		t.Errorf("last seen %s, clocks %+v", got.LastSeen, c)
	}
}

func TestEvidenceHasASize(t *testing.T) {
	d := newDesk(t, t.TempDir())
	big, err := json.Marshal(strings.Repeat("x", 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 64 {
		f := at(time.Duration(i) * time.Second)(about("public", "orders", finding.High, start))
		f.Evidence = []finding.Evidence{{Kind: "event", Text: "an event", Data: big}, {Kind: "verdict", Data: json.RawMessage(`{"a":1}`)}}
		d.sees(f)
		if !bytes.Equal(f.Evidence[0].Data, big) {
			t.Fatal("the caller's evidence was changed")
		}
	}
	f := d.finding(about("public", "orders", finding.High, start).Fingerprint)
	if n := len(f.Evidence[0].Data); n > 8<<10 || !strings.Contains(string(f.Evidence[0].Data), `"cut_bytes":1048578`) {
		t.Errorf("%d bytes: %.80s", n, f.Evidence[0].Data)
	}
	if string(f.Evidence[1].Data) != `{"a":1}` {
		t.Errorf("small evidence was changed: %s", f.Evidence[1].Data)
	}
	total := 0
	for _, l := range d.timeline(d.tickets()[0].ID) {
		total += len(l.Data)
	}
	if total > 1<<20 {
		t.Errorf("64 sightings of one thing are %d bytes on the timeline", total)
	}
}

// A person's word ends what is under way: the playbook is told.
func TestClosingWakesThePlaybook(t *testing.T) {
	d := newDesk(t, t.TempDir())
	d.sees(about("public", "orders", finding.High, start))
	id := d.tickets()[0].ID
	before := d.generation(id)
	in := store.In(d.store, func(tx *store.Tx) triage.Tx { return tx })
	if err := triage.Close(t.Context(), in, triage.Order{Ticket: id, Person: "alex", Reason: "a drill"}, d.now); err != nil {
		t.Fatal(err)
	}
	if after := d.generation(id); after <= before {
		t.Errorf("the playbook's work is at %d, as before", after)
	}
}

func (d *desk) generation(id ticket.ID) int64 {
	d.t.Helper()
	hints, err := d.store.Unsent(d.t.Context(), triage.NextDoor, d.now, d.now, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, h := range hints {
		if h.Ref == string(id) {
			return h.Generation
		}
	}
	d.t.Fatalf("no work for %s", id)
	return 0
}
