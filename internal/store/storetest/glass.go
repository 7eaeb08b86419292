package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/glass"
	"jobzero/internal/store"
)

func aUse(id glass.ID) glass.Use {
	return glass.Use{
		ID: id, State: glass.Requested, Version: 1, Needs: 1, Approvers: []string{"kim"}, Asked: noon(), By: noon().Add(time.Hour),
		Request: glass.Request{
			Person: "ana", Principal: "arn:aws:iam::444455556666:user/ana", Account: "111122223333", Role: "emergency", Reason: "the shop is down", For: time.Hour,
		},
	}
}

// glasses: a use is found, changes only from what was read, and is listed by its state.
func glasses(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	first, second := aUse("01A"), aUse("01B")
	second.State, second.Account = glass.Granted, "444455556666"
	do(t, s, func(tx *store.Tx) error {
		if err := tx.SaveGlass(t.Context(), first); err != nil {
			return err
		}
		return tx.SaveGlass(t.Context(), second)
	})
	next := first
	next.Version, next.State = 2, glass.Approved
	do(t, s, func(tx *store.Tx) error { return tx.SaveGlass(t.Context(), next) })
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveGlass(t.Context(), next) }); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change of what has moved on: %v", err)
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Glass(t.Context(), "01A")
		if d := cmp.Diff(next, got); d != "" || err != nil {
			t.Errorf("%v\n%s", err, d)
		}
		if _, err := tx.Glass(t.Context(), "01C"); !fault.Is(err, fault.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		for want, ask := range map[string]struct {
			states  []glass.State
			account string
			limit   int
		}{
			"01B01A": {}, "01B": {limit: 1}, "01A": {states: []glass.State{glass.Approved, glass.Ended}}, "": {states: []glass.State{glass.Granted}, account: "111122223333"},
		} {
			all, err := tx.Glasses(t.Context(), ask.states, ask.account, ask.limit)
			var ids []string
			for _, u := range all {
				ids = append(ids, string(u.ID))
			}
			if got := strings.Join(ids, ""); got != want || err != nil {
				t.Errorf("%+v: %q, %v, want %q", ask, ids, err, want)
			}
		}
		return nil
	})
}

// glassEvents: an event is kept once, in its order, and only for a use of its role and account.
func glassEvents(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error { return tx.SaveGlass(t.Context(), aUse("01A")) })
	d := glass.Deed{Event: "111122223333/2", At: noon(), Account: "111122223333", Name: "s3:GetObject", Resource: "a \x00", Role: "emergency", Of: "111122223333"}
	early, foreign, other := d, d, d
	early.Event, early.At = "111122223333/1", noon().Add(-time.Minute)
	foreign.Event, foreign.Of = "111122223333/3", "444455556666"
	other.Event, other.Role = "111122223333/4", "deploy"
	for range 2 {
		do(t, s, func(tx *store.Tx) error {
			for _, x := range []glass.Deed{d, early, foreign, other} {
				if err := tx.SaveDeed(t.Context(), "01A", x); err != nil {
					return err
				}
			}
			return tx.SaveDeed(t.Context(), "01C", d)
		})
	}
	look(t, s, func(tx *store.Tx) error {
		all, err := tx.Deeds(t.Context(), "01A", 0)
		if len(all) != 2 || all[0].Event != early.Event || all[1].Event != d.Event || !all[1].At.Equal(d.At) {
			t.Errorf("kept: %+v", all)
		}
		none, err2 := tx.Deeds(t.Context(), "01C", 0)
		if len(none) != 0 || err2 != nil {
			t.Errorf("of no use: %+v, %v", none, err2)
		}
		return err
	})
}
