package storetest

import (
	"slices"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/store"
)

// forgetSightings: what was counted long ago is forgotten, and nothing else.
func forgetSightings(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	add := func(sighting string, at time.Time) (added bool) {
		do(t, s, func(tx *store.Tx) (err error) {
			added, err = tx.AddSighting(t.Context(), "f", sighting, at)
			return err
		})
		return added
	}
	add("old", noon())
	add("new", noon().Add(time.Hour))
	if n, err := s.PruneSightings(t.Context(), noon().Add(time.Minute)); n != 1 || err != nil {
		t.Errorf("forgot %d sightings: %v", n, err)
	}
	if add("new", noon()) || !add("old", noon()) {
		t.Error("the wrong one was forgotten")
	}
}

// unread: the register of what cannot be read counts down to nothing.
func unread(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for _, r := range []struct {
			fp   finding.Fingerprint
			what string
		}{{"denied", "a"}, {"denied", "b"}, {"denied", "a"}, {"away", "a"}} {
			if err := tx.AddUnread(t.Context(), r.fp, r.what, noon()); err != nil {
				return err
			}
		}
		return nil
	})
	of := func(what string, want ...finding.Fingerprint) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			got, err := tx.UnreadOf(t.Context(), what)
			if !slices.Equal(got, want) {
				t.Errorf("%s: want %v, got %v", what, want, got)
			}
			return err
		})
	}
	drop := func(fp finding.Fingerprint, what string, want int) {
		t.Helper()
		do(t, s, func(tx *store.Tx) error {
			left, err := tx.DropUnread(t.Context(), fp, what)
			if left != want {
				t.Errorf("%s without %s: want %d left, got %d", fp, what, want, left)
			}
			return err
		})
	}
	of("a", "away", "denied")
	of("c")
	drop("denied", "a", 1)
	drop("denied", "a", 1)
	of("a", "away")
	drop("denied", "b", 0)
	drop("away", "a", 0)
	of("a")
}
