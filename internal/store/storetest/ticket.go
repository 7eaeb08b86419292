package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

func tickets(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	tk := aTicket("01A", "logs")
	look(t, s, func(tx *store.Tx) error {
		if _, err := tx.Ticket(t.Context(), tk.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown ticket: %v", err)
		}
		_, ok, err := tx.TicketOf(t.Context(), tk.Subject)
		if ok {
			t.Error("an unknown subject has a ticket")
		}
		return err
	})
	do(t, s, func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) })
	if err := tk.Move(ticket.Investigating, "looking", noon()); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) })
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Ticket(t.Context(), tk.ID)
		if diff := cmp.Diff(tk, got); diff != "" {
			t.Errorf("ticket (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		got, ok, err := tx.TicketOf(t.Context(), tk.Subject)
		if !ok || got.ID != tk.ID {
			t.Errorf("ticket of the subject: %v %q", ok, got.ID)
		}
		return err
	})
	second := aTicket("01B", "logs")
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), second) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a second ticket for a subject: %v", err)
	}
}

func ticketFilters(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for i, c := range []struct {
		state  ticket.State
		sev    finding.Severity
		person string
	}{{ticket.Open, finding.Low, "ada"}, {ticket.Human, finding.High, "ben"}, {ticket.Closed, finding.Critical, "ada"}} {
		tk := aTicket(ticket.ID("01"+string(rune('A'+i))), string(rune('a'+i)))
		tk.State, tk.Severity, tk.Owner.Person = c.state, c.sev, c.person
		do(t, s, func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), tk) })
	}
	for _, c := range []struct {
		name string
		f    ticket.Filter
		want string
	}{
		{"all, newest first", ticket.Filter{}, "01C 01B 01A"},
		{"limit", ticket.Filter{Limit: 1}, "01C"},
		{"one state", ticket.Filter{States: []ticket.State{ticket.Human}}, "01B"},
		{"two states", ticket.Filter{States: []ticket.State{ticket.Open, ticket.Closed}}, "01C 01A"},
		{"a part of a word is no state", ticket.Filter{States: []ticket.State{"hum"}}, ""},
		{"person", ticket.Filter{Owner: "ada"}, "01C 01A"},
		{"team", ticket.Filter{Owner: "storage", MinSeverity: finding.High}, "01C 01B"},
		{"account", ticket.Filter{Account: "444455556666"}, ""},
	} {
		look(t, s, func(tx *store.Tx) error {
			list, err := tx.Tickets(t.Context(), c.f)
			var got []string
			for _, tk := range list {
				got = append(got, string(tk.ID))
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("%s: got %q, want %q", c.name, g, c.want)
			}
			return err
		})
	}
}

func timeline(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	tk := aTicket("01A", "logs")
	first, second := anEntry("opened"), anEntry("looked")
	second.At = noon().Add(789 * time.Nanosecond).In(time.FixedZone("west", -7*3600))
	second.Data = nil
	do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, first) })
	do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, second) })
	if tk.Entries != 2 || tk.Head == "" {
		t.Errorf("the ticket's head did not move: %d %q", tk.Entries, tk.Head)
	}
	look(t, s, func(tx *store.Tx) error {
		line, err := tx.Timeline(t.Context(), tk.ID)
		if err != nil {
			return err
		}
		if len(line) != 2 || line[0].Text != "opened" || line[1].Text != "looked" || !line[1].At.Equal(noon()) {
			t.Errorf("timeline: %+v", line)
		}
		if err := ticket.Check(line); err != nil {
			t.Errorf("check: %v", err)
		}
		stored, err := tx.Ticket(t.Context(), tk.ID)
		if diff := cmp.Diff(tk, stored); diff != "" {
			t.Errorf("ticket (-appended +stored):\n%s", diff)
		}
		if err != nil {
			return err
		}
		link, err := tx.LastLink(t.Context())
		if link.Seq != 2 || link.Head != tk.Head || link.Entry != 2 {
			t.Errorf("last link: %+v", link)
		}
		return err
	})
	bad := anEntry("bad")
	bad.Data = []byte("{")
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, bad) })
	if !fault.Is(err, fault.Invalid) || tk.Entries != 2 {
		t.Errorf("an entry that is no JSON: %v, %d entries", err, tk.Entries)
	}
}

// staleTicket: who holds an old copy must not cut the timeline short.
func staleTicket(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	tk := aTicket("01A", "logs")
	do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, anEntry("opened")) })
	stale := tk
	do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, anEntry("moved on")) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveTicket(t.Context(), stale) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("save a stale ticket: %v", err)
	}
	old := stale
	err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &stale, anEntry("late")) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("append to a stale ticket: %v", err)
	}
	if diff := cmp.Diff(old, stale); diff != "" {
		t.Errorf("a failed append changed the caller's ticket:\n%s", diff)
	}
	look(t, s, func(tx *store.Tx) error { return tx.CheckAudit(t.Context()) })
}
