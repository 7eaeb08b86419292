package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/oncall/pager"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func aPage(id escalate.ID) escalate.Page {
	return escalate.Page{ID: id, State: escalate.Asking, Title: "a bucket \u2028", Severity: finding.High, First: "01A", Tickets: 1, Open: 1, Opened: noon(), Joined: noon(), Version: 1}
}

func aCall(page, person string) escalate.Call {
	return escalate.Call{Page: escalate.ID(page), Chain: escalate.ToAnswer, Person: person, Seat: escalate.Primary, At: noon(), State: escalate.Queued}
}

// pages: a page changes only from what was read, and is listed by its state, its word and its ticket.
func pages(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	first, second := aPage("01A"), aPage("01B")
	second.Severity, second.State = finding.Low, escalate.Resolved
	do(t, s, func(tx *store.Tx) error {
		if err := tx.SavePage(t.Context(), first); err != nil {
			return err
		}
		return tx.SavePage(t.Context(), second)
	})
	first.Version, first.By = 2, "mia"
	do(t, s, func(tx *store.Tx) error { return tx.SavePage(t.Context(), first) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SavePage(t.Context(), first) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Page(t.Context(), "01A")
		if d := cmp.Diff(first, got); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
		if _, err := tx.Page(t.Context(), "01C"); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		for want, f := range map[string]escalate.Filter{
			"01B01A": {}, "01B": {Limit: 1}, "01A": {States: []escalate.State{escalate.Asking, escalate.Waiting}, MinSeverity: finding.High}, "": {States: []escalate.State{escalate.Snoozed}},
		} {
			if all, err := tx.Pages(t.Context(), f); ids(all) != want || err != nil {
				t.Errorf("%+v: %s, %v", f, ids(all), err)
			}
		}
		all, err := tx.PagesAfter(t.Context(), "", 0)
		if ids(all) != "01A" {
			t.Errorf("that have not ended: %s", ids(all))
		}
		return err
	})
}

func ids(all []escalate.Page) string {
	var out strings.Builder
	for _, p := range all {
		out.WriteString(string(p.ID))
	}
	return out.String()
}

// pageTickets: a page is found by its tickets and by what they are grouped by, until they are closed or nobody has joined for long.
func pageTickets(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for _, id := range []escalate.ID{"01A", "01B"} {
			if err := tx.SavePage(t.Context(), aPage(id)); err != nil {
				return err
			}
		}
		for i, of := range []ticket.ID{"t1", "t2", "t1"} { // twice is once
			if err := tx.JoinPage(t.Context(), "01A", of, []string{"account 1", "rule r"}, noon().Add(time.Duration(i)*time.Minute)); err != nil {
				return err
			}
		}
		return tx.JoinPage(t.Context(), "01B", "t3", []string{"rule r"}, noon())
	})
	look(t, s, func(tx *store.Tx) error {
		for word, want := range map[string]string{"account 1": "01A", "rule r": "01A01B", "rule": ""} {
			if got, err := tx.PagesOfWord(t.Context(), word, noon(), 0); ids(got) != want || err != nil {
				t.Errorf("%s: %s, %v", word, ids(got), err)
			}
		}
		if got, err := tx.PagesOfWord(t.Context(), "rule r", noon().Add(time.Minute), 0); ids(got) != "01A" || err != nil {
			t.Errorf("since a minute later: %s, %v", ids(got), err)
		}
		some, err := tx.TicketsOfPage(t.Context(), "01A", 0)
		if fmt.Sprint(some) != "[t2 t1]" || err != nil {
			t.Errorf("of the page: %v, %v", some, err)
		}
		some, err = tx.Untold(t.Context(), "01A", noon().Add(time.Minute), 0)
		if fmt.Sprint(some) != "[t2]" { // the other one has joined after the answer
			t.Errorf("untold: %v", some)
		}
		return err
	})
	do(t, s, func(tx *store.Tx) error {
		if err := tx.TellTicket(t.Context(), "01A", "t2", noon().Add(time.Minute)); err != nil {
			return err
		}
		for _, want := range []bool{true, false} {
			if left, err := tx.LeavePage(t.Context(), "01A", "t1"); left != want || err != nil {
				t.Errorf("left %t, %v", left, err)
			}
		}
		return nil
	})
	leftPages(t, s)
}

// leftPages is what is known after a ticket was closed.
func leftPages(t *testing.T, s *store.Store) {
	t.Helper()
	look(t, s, func(tx *store.Tx) error {
		for of, want := range map[ticket.ID]escalate.ID{"t1": "", "t2": "01A", "t3": "01B", "t4": ""} {
			if got, err := tx.PageOf(t.Context(), of); got != want || err != nil {
				t.Errorf("%s is of %q, %v", of, got, err)
			}
		}
		if all, err := tx.PagesOf(t.Context(), "t1"); ids(all) != "01A" || err != nil {
			t.Errorf("that have told of it: %s, %v", ids(all), err)
		}
		left, err := tx.Untold(t.Context(), "01A", noon().Add(time.Minute), 0)
		if len(left) != 0 {
			t.Errorf("told, and untold: %v", left)
		}
		return err
	})
	if n, err := s.PrunePageWords(t.Context(), noon().Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("forgotten: %d, %v", n, err)
	}
}

// pageCalls: nobody is asked twice for one level.
func pageCalls(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	c := aCall("01A", "mia/\u2028")
	do(t, s, func(tx *store.Tx) error {
		for _, want := range []bool{true, false} {
			if added, err := tx.AddCall(t.Context(), c); added != want || err != nil {
				t.Errorf("added %t, %v", added, err)
			}
		}
		c.State, c.Via = escalate.Sent, "email"
		if err := tx.MoveCall(t.Context(), aCall("01B", "mia")); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		return tx.MoveCall(t.Context(), c)
	})
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Call(t.Context(), c.Key())
		if d := cmp.Diff(c, got); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
		all, err := tx.Calls(t.Context(), "01A")
		if len(all) != 1 {
			t.Errorf("%+v", all)
		}
		return err
	})
}

// needPage: the pager is woken when a ticket comes to a person or grows worse there, and when one is closed that a page tells of; else not.
func needPage(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	tk := aTicket("01A", "a")
	woken := func(what string, want bool) {
		t.Helper()
		hints, err := s.Unsent(t.Context(), pager.Leg, noon(), noon(), 10)
		if got := len(hints) == 1 && hints[0].Ref == pager.TicketRef("01A"); err != nil || got != want {
			t.Errorf("%s: %v, %v", what, hints, err)
		}
		for _, h := range hints {
			c, _, err := s.Claim(t.Context(), flow.Ask{Leg: h.Leg, Ref: h.Ref, Holder: "h", Now: noon(), Wall: noon(), Until: noon().Add(time.Minute)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Finish(t.Context(), c, flow.Outcome{End: flow.Settle}); err != nil {
				t.Fatal(err)
			}
		}
	}
	save := func(change func()) {
		t.Helper()
		change()
		do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, anEntry("x")) })
	}
	save(func() { tk.State, tk.Severity = ticket.Open, finding.Low })
	woken("open", false)
	save(func() { tk.State = ticket.Human })
	woken("with a person", true)
	save(func() { tk.Reason = "another" })
	woken("as before", false)
	save(func() { tk.Severity = finding.High })
	woken("worse", true)
	save(func() { tk.State = ticket.Closed })
	woken("closed without a page", false)
	save(func() { tk.State = ticket.Open })
	do(t, s, func(tx *store.Tx) error {
		return tx.JoinPage(t.Context(), "01P", "01A", nil, noon())
	})
	save(func() { tk.State = ticket.Closed })
	woken("closed with a page", true)
	look(t, s, func(tx *store.Tx) error {
		some, err := tx.Unpaged(t.Context(), "", noon(), 10)
		if len(some) != 0 {
			t.Errorf("need a page: %v", some)
		}
		return err
	})
	save(func() { tk.State = ticket.Open })
	do(t, s, func(tx *store.Tx) error { _, err := tx.LeavePage(t.Context(), "01P", "01A"); return err })
	look(t, s, func(tx *store.Tx) error {
		some, err := tx.Unpaged(t.Context(), "", noon(), 10)
		if fmt.Sprint(some) != "[01A]" {
			t.Errorf("need a page: %v", some)
		}
		return err
	})
}
