package ticket_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/ticket"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func open() ticket.Ticket {
	f := finding.Finding{Title: "Bucket is public", Severity: finding.High, Account: "111122223333", Principal: "robin", Occurred: start}
	return ticket.Start("ticket-1", f, ticket.Owner{Team: "storefront"}, start.Add(time.Second))
}

func TestTheRoadOfATicket(t *testing.T) {
	tk := open()
	for _, s := range []ticket.State{ticket.Investigating, ticket.Remediating, ticket.Verifying, ticket.Closed} {
		if err := tk.Move(s, "as usual", start.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if tk.Clocks.Closed.IsZero() {
		t.Error("closing does not stop the clock")
	}
	if err := tk.Move(ticket.Remediating, "again", start); !fault.Is(err, fault.Conflict) {
		t.Errorf("a closed ticket was remediated: %v", err)
	}
	tk.Clocks.Contained, tk.Clocks.Verified = start, start
	if err := tk.Reopen("it came back", start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	c := tk.Clocks
	if tk.Reopened != 1 || !c.Opened.Equal(start.Add(time.Hour)) || !c.Occurred.Equal(start) || !c.Contained.IsZero() || !c.Verified.IsZero() || !c.Closed.IsZero() {
		t.Errorf("after reopening: %+v", tk)
	}
}

func TestTheWorstSeverityAndTheFirstOccurrenceCount(t *testing.T) {
	tk := open()
	tk.Join(finding.Finding{Title: "mild", Severity: finding.Low, Occurred: start.Add(-time.Hour)})
	if tk.Severity != finding.High || tk.Title != "Bucket is public" || !tk.Clocks.Occurred.Equal(start.Add(-time.Hour)) {
		t.Errorf("after a milder one: %+v", tk)
	}
	tk.Join(finding.Finding{Title: "worse", Severity: finding.Critical, Occurred: start})
	if tk.Severity != finding.Critical || tk.Title != "worse" || tk.Findings != 3 {
		t.Errorf("after a worse one: %+v", tk)
	}
}

// From every state that moves can reach a ticket can still be closed or given to a person: none is stuck.
func TestNoStateIsADeadEnd(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		tk := open()
		for _, to := range rapid.SliceOfN(rapid.SampledFrom(ticket.States()), 0, 20).Draw(r, "moves") {
			before := tk
			if err := tk.Move(to, "x", start); err != nil && (!fault.Is(err, fault.Conflict) || tk != before) {
				r.Fatalf("a refused move changed the ticket or has no code: %v", err)
			}
		}
		if tk.State == ticket.Closed {
			return
		}
		if err := tk.Move(ticket.Closed, "by a person", start); err != nil {
			r.Fatalf("from %s: %v", tk.State, err)
		}
	})
}

func timeline(t testing.TB, n int) (ticket.Ticket, []ticket.Entry) {
	t.Helper()
	tk := open()
	var all []ticket.Entry
	for i := range n {
		e := ticket.Entry{At: start.Add(time.Duration(i) * time.Second), Actor: "jobzero/triage", Kind: "seen", Text: "line", Data: []byte(`{"n":1}`)}
		all = append(all, tk.Seal(e))
	}
	return tk, all
}

func TestTamperingShows(t *testing.T) {
	for name, tamper := range map[string]func([]ticket.Entry) []ticket.Entry{
		"text edited":    func(all []ticket.Entry) []ticket.Entry { all[2].Text = "nothing to see"; return all },
		"data edited":    func(all []ticket.Entry) []ticket.Entry { all[2].Data = []byte(`{"n":2}`); return all },
		"actor edited":   func(all []ticket.Entry) []ticket.Entry { all[2].Actor = "person/robin"; return all },
		"time edited":    func(all []ticket.Entry) []ticket.Entry { all[2].At = start; return all },
		"hash edited":    func(all []ticket.Entry) []ticket.Entry { all[2].Hash = all[1].Hash; return all },
		"entry removed":  func(all []ticket.Entry) []ticket.Entry { return slices.Delete(all, 2, 3) },
		"entries turned": func(all []ticket.Entry) []ticket.Entry { all[1], all[2] = all[2], all[1]; return all },
		"first removed":  func(all []ticket.Entry) []ticket.Entry { return all[1:] },
	} {
		_, all := timeline(t, 5)
		if err := ticket.Check(all); err != nil {
			t.Fatal(err)
		}
		if err := ticket.Check(tamper(all)); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: not noticed: %v", name, err)
		}
	}
}

func TestTheChainOfAllTicketsShowsWhatIsMissing(t *testing.T) {
	_, all := timeline(t, 4)
	var links []ticket.Link
	var last ticket.Link
	for _, e := range all {
		last = ticket.Follow(last, e)
		links = append(links, last)
	}
	prev := ticket.Link{}
	for _, l := range links {
		if !l.Holds(prev) {
			t.Fatalf("link %d does not hold", l.Seq)
		}
		prev = l
	}
	if links[2].Holds(links[0]) {
		t.Error("a removed link is not noticed")
	}
	edited := links[1]
	edited.Head = "another"
	if edited.Holds(links[0]) {
		t.Error("an edited link is not noticed")
	}
}

// TestLateAndAcknowledged: the first who has it counts, a ticket is late until it is closed, and an opening anew begins both again.
func TestLateAndAcknowledged(t *testing.T) {
	noon := time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)
	tk := ticket.Ticket{ID: "01A", State: ticket.Human}
	if tk.Late(noon) != 0 {
		t.Error("late, with nothing to be late for")
	}
	tk.Clocks.FixBy = noon
	if tk.Late(noon) != 0 || tk.Late(noon.Add(time.Hour)) != time.Hour {
		t.Errorf("late by %s", tk.Late(noon.Add(time.Hour)))
	}
	if !tk.Acknowledge("kim", noon) || tk.Acknowledge("bo", noon.Add(time.Minute)) || tk.AcknowledgedBy != "kim" || !tk.Clocks.Acknowledged.Equal(noon) {
		t.Errorf("%s at %s", tk.AcknowledgedBy, tk.Clocks.Acknowledged)
	}
	if err := tk.Move(ticket.Closed, "mended", noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := tk.Late(noon.Add(9 * time.Hour)); got != 2*time.Hour || tk.Acknowledge("bo", noon) {
		t.Errorf("closed: late by %s", got)
	}
	if err := tk.Reopen("again", noon.Add(10*time.Hour)); err != nil || tk.Late(noon.Add(99*time.Hour)) != 0 || tk.AcknowledgedBy != "" || !tk.Clocks.Acknowledged.IsZero() {
		t.Errorf("opened anew: %+v, %v", tk, err)
	}
}
