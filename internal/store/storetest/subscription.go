package storetest

import (
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// subscriptions: one changes only from what was read, its place is no change, and the chain is read with the entries that its links are of.
func subscriptions(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	sub := subscription.Subscription{ID: "b", Name: "siem", URL: "https://hooks.example.com/", Kinds: []string{"ticket"}, By: "mia", Made: noon(), State: subscription.Live, Version: 1}
	do(t, s, func(tx *store.Tx) error { return tx.SaveSubscription(t.Context(), sub) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveSubscription(t.Context(), sub) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	tk := aTicket("01A", "a")
	for _, state := range []ticket.State{ticket.Open, ticket.Closed} {
		tk.State = state
		do(t, s, func(tx *store.Tx) error { return tx.AppendEntry(t.Context(), &tk, anEntry("it is "+string(state))) })
	}
	place := subscription.Place{Seq: 7, Failing: noon(), Tries: 3, Next: noon().Add(time.Hour), Error: "no \x00"}
	do(t, s, func(tx *store.Tx) error { return tx.SavePlace(t.Context(), "b", place) })
	look(t, s, func(tx *store.Tx) error {
		if end, err := tx.ChainEnd(t.Context()); end != 3 || err != nil {
			t.Errorf("the chain ends with %d, %v", end, err)
		}
		got, err := tx.Subscription(t.Context(), "b")
		if err != nil || got.Name != "siem" || !got.Wants("ticket") || got.Wants("run") {
			t.Errorf("%+v, %v", got, err)
		}
		if p, err := tx.Place(t.Context(), "b"); err != nil || p.Seq != 7 || p.Tries != 3 || !p.Next.Equal(place.Next) {
			t.Errorf("%+v, %v", p, err)
		}
		if p, err := tx.Place(t.Context(), "none"); err != nil || p != (subscription.Place{}) {
			t.Errorf("%+v, %v", p, err)
		}
		all, err := tx.ChainAfter(t.Context(), 0, 10)
		if err != nil || len(all) != 3 || all[0].Kind != "subscription" || all[0].ID != "b" || all[0].Entry != nil {
			t.Fatalf("%+v, %v", all, err)
		}
		if c := all[1]; c.Kind != "ticket" || c.ID != "01A" || c.Entry.Seq != 1 || c.Was != "" || c.What() != "opened" {
			t.Errorf("%+v", c)
		}
		if c := all[2]; c.Was != ticket.Open || c.What() != "closed" {
			t.Errorf("%+v", c)
		}
		some, err := tx.ChainAfter(t.Context(), 1, 1)
		if err != nil || len(some) != 1 || some[0].Seq != 2 {
			t.Errorf("%+v, %v", some, err)
		}
		_, err = tx.Subscription(t.Context(), "none")
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("one that there is not: %v", err)
		}
		return nil
	})
}
