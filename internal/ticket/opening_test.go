package ticket_test

import (
	"testing"
	"time"

	"jobzero/internal/ticket"
)

// TestOpenings: a timeline says who closed a ticket, whether a person had a part in it, and who opened it again.
func TestOpenings(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tk := ticket.Ticket{ID: "T"}
	var all []ticket.Entry
	says := func(state ticket.State, actor string) {
		tk.State, at = state, at.Add(time.Minute)
		all = append(all, tk.Seal(ticket.Entry{At: at, Actor: actor, Kind: "x"}))
	}
	says(ticket.Open, "jobzero/triage")
	says(ticket.Investigating, "jobzero/playbook")
	says(ticket.Closed, "jobzero/playbook")
	says(ticket.Closed, "person/kim") // a review: no part in the closing
	says(ticket.Open, "jobzero/triage")
	says(ticket.Investigating, "person/kim") // an approval
	says(ticket.Closed, "jobzero/playbook")
	says(ticket.Open, "person/kim")
	says(ticket.Closed, "person/kim")
	says(ticket.Open, "jobzero/triage")
	got, told := ticket.Openings(all)
	if !told || len(got) != 4 || ticket.Check(all) != nil {
		t.Fatalf("%d openings, told %t, %v", len(got), told, ticket.Check(all))
	}
	for i, want := range []struct {
		alone, byPerson bool
		again           string
	}{{true, false, "jobzero/triage"}, {false, true, "person/kim"}, {false, false, "jobzero/triage"}, {false, false, ""}} {
		o := got[i]
		if o.Alone() != want.alone || o.AgainByPerson() != want.byPerson || o.Again != want.again || o.Number != i {
			t.Errorf("opening %d: %+v", i, o)
		}
	}
	if got[1].People != true || !got[3].Closed.IsZero() || got[0].Closed.Sub(got[0].Opened) != 2*time.Minute {
		t.Errorf("%+v", got)
	}
	all[1].State = "" // from before entries said it
	if _, told := ticket.Openings(all); told {
		t.Error("who closed it is told of a timeline that does not say it")
	}
	if got, told := ticket.Openings(nil); len(got) != 0 || !told {
		t.Errorf("of nothing: %v, %t", got, told)
	}
}

// TestAnOlderEntryStillHolds: what was sealed before entries said the state has the hash that it had.
func TestAnOlderEntryStillHolds(t *testing.T) {
	tk := ticket.Ticket{ID: "T"}
	old := tk.Seal(ticket.Entry{At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Actor: "jobzero/triage", Kind: "opened", Text: "x"})
	if old.State != "" || ticket.Check([]ticket.Entry{old}) != nil {
		t.Fatalf("%+v", old)
	}
	if old.State = ticket.Closed; ticket.Check([]ticket.Entry{old}) == nil {
		t.Error("a state that was put in afterwards is not seen")
	}
}
