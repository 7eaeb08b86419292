package storetest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// inquiries: one for each finding and opening, and those near by are found by principal, source and account, as long as their ticket is open.
func inquiries(t *testing.T, fresh Fresh) {
	t.Helper()
	s, ctx := open(t, fresh(t)), t.Context()
	q := func(id ticket.ID, opening int, who, source string, at time.Time) playbook.Inquiry {
		return playbook.Inquiry{
			Ticket: id, Opening: opening, Finding: "f", By: "rule", Account: "111122223333", Principal: who, Source: source, Occurred: at, At: at,
			Facts:   map[string]playbook.Gathered{"who": {Text: who, Data: json.RawMessage(`{"a":1}`), Links: []string{"event/1"}}},
			Unknown: map[string]string{"reach": "nobody has read it"}, Recalled: "key-" + who, Opinion: verdict.Opinion{ID: "v", Word: verdict.False},
		}
	}
	first := q("T1", 0, "ana", "198.51.100.1", noon())
	do(t, s, func(tx *store.Tx) error {
		for id, state := range map[ticket.ID]ticket.State{"T1": ticket.Open, "T2": ticket.Human, "T3": ticket.Closed, "T4": ticket.Open} {
			tk := ticket.Ticket{ID: id, Subject: string(id), State: state, Account: "111122223333"}
			if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: noon(), Actor: "jobzero/triage", Kind: "opened", Text: "x"}); err != nil {
				return err
			}
		}
		for _, x := range []playbook.Inquiry{
			first, q("T1", 1, "ana", "198.51.100.1", noon()), q("T2", 0, "ana", "198.51.100.2", noon().Add(time.Hour)), q("T3", 0, "ana", "198.51.100.1", noon()),
			q("T4", 0, "bo", "198.51.100.1", noon().Add(48*time.Hour)),
		} {
			if err := tx.SaveInquiry(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		got, ok, err := tx.Inquiry(ctx, "T1", 0, "f")
		if d := cmp.Diff(first, got); err == nil && (!ok || d != "") {
			t.Errorf("%t, %s", ok, d)
		}
		if _, ok, other := tx.Inquiry(ctx, "T1", 2, "f"); ok || other != nil {
			t.Errorf("of another opening: %t, %v", ok, other)
		}
		if all, other := tx.InquiriesOf(ctx, "T1"); other != nil || len(all) != 2 || all[1].Opening != 1 {
			t.Errorf("%d of a ticket, %v", len(all), other)
		}
		for name, c := range map[string]struct {
			kin  store.Kin
			want []ticket.ID
		}{
			"principal": {store.Kin{Principal: "ana"}, []ticket.ID{"T2", "T1"}},
			"source":    {store.Kin{Source: "198.51.100.1"}, []ticket.ID{"T1"}},
			"account":   {store.Kin{Account: "111122223333"}, []ticket.ID{"T2", "T1"}},
			"nobody":    {store.Kin{Principal: "cy"}, nil},
		} {
			c.kin.Since, c.kin.Until, c.kin.Most = noon().Add(-24*time.Hour), noon().Add(24*time.Hour), 50
			if near, other := tx.Kin(ctx, c.kin); other != nil || !slices.Equal(near, c.want) {
				t.Errorf("%s: %v, %v, want %v", name, near, other, c.want)
			}
		}
		return err
	})
}

// memories: a verdict is remembered until it ends, and what a person opened again is refused.
func memories(t *testing.T, fresh Fresh) {
	t.Helper()
	s, ctx := open(t, fresh(t)), t.Context()
	m := verdict.Memory{Key: "k", Opinion: verdict.Opinion{ID: "v"}, Ticket: "T1", Made: noon(), Ends: noon().Add(time.Hour), Times: 3}
	do(t, s, func(tx *store.Tx) error {
		for key, closed := range map[string]bool{"k": true, "open": false} {
			q := playbook.Inquiry{Ticket: "T1", Finding: "f", Opening: len(key), Recalled: key, Closed: closed, Occurred: noon(), At: noon()}
			if err := tx.SaveInquiry(ctx, q); err != nil {
				return err
			}
		}
		other := m
		other.Key = "open"
		if err := tx.SaveMemory(ctx, other); err != nil {
			return err
		}
		return tx.SaveMemory(ctx, m)
	})
	wants := func(key string, there, refused bool) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			got, ok, err := tx.Memory(t.Context(), key)
			if ok != there || got.Refused != refused {
				t.Errorf("%s: %t, %+v", key, ok, got)
			}
			return err
		})
	}
	wants("k", true, false)
	wants("other", false, false)
	do(t, s, func(tx *store.Tx) error { return tx.Refuse(ctx, "T1", noon()) })
	wants("k", true, true)
	wants("open", true, false) // nothing was closed by it
	if n, err := s.PruneMemories(ctx, noon().Add(2*time.Hour)); n != 1 || err != nil {
		t.Errorf("%d forgotten, %v", n, err)
	}
	wants("k", true, true)
	wants("open", false, false)
}

// reviews: what people say of closings is one row an opening, and all tickets can be gone through.
func reviews(t *testing.T, fresh Fresh) {
	t.Helper()
	s, ctx := open(t, fresh(t)), t.Context()
	do(t, s, func(tx *store.Tx) error {
		for _, id := range []ticket.ID{"T1", "T2", "T3"} {
			tk := ticket.Ticket{ID: id, Subject: string(id), State: ticket.Open}
			if err := tx.AppendEntry(ctx, &tk, ticket.Entry{At: noon(), Actor: "jobzero/triage", Kind: "opened", Text: "x"}); err != nil {
				return err
			}
		}
		for _, r := range []ticket.Review{
			{Ticket: "T1", Opening: 1, Right: true, Person: "kim", At: noon()},
			{Ticket: "T1", Person: "kim", At: noon()},
			{Ticket: "T1", Opening: 1, Person: "robin", Reason: "no", At: noon()},
		} {
			if err := tx.SaveReview(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Reviews(ctx, "T1")
		if len(got) != 2 || got[1].Person != "robin" || got[1].Right {
			t.Errorf("%+v", got)
		}
		page, other := tx.TicketsAfter(ctx, "T1", 1)
		if other != nil || len(page) != 1 || page[0].ID != "T2" {
			t.Errorf("%+v, %v", page, other)
		}
		return err
	})
}
