package storetest

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

func aSight(id string, way reconcile.Ways) reconcile.Sight {
	return reconcile.Sight{
		Account: "111122223333", ID: event.ID(id), Region: "eu-central-1", Name: "PutBucketPolicy", Ways: way,
		At: noon().Add(-time.Minute), Heard: noon(),
	}
}

// sights: the ways of an event add up, whichever is first, and one that is only to complete begins nothing.
func sights(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for _, x := range []reconcile.Sight{
			aSight("a", reconcile.Live), aSight("a", reconcile.Live), aSight("b", reconcile.Stored), aSight("c", reconcile.Stored),
			aSight("c", reconcile.Live), aSight("c", reconcile.Live), aSight("d\x00\xff", reconcile.Live),
		} {
			x.Heard = noon().Add(time.Duration(len(x.ID)) * time.Second)
			if err := tx.AddSight(t.Context(), x); err != nil {
				return err
			}
		}
		return tx.MatchSight(t.Context(), "111122223333", "never", reconcile.Stored)
	})
	ids := func(all []reconcile.Sight, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, x := range all {
			fmt.Fprintf(&out, "%s:%d ", x.ID, x.Ways)
		}
		return out.String()
	}
	do(t, s, func(tx *store.Tx) error {
		got := ids(tx.WaitingSights(t.Context(), noon().Add(2*time.Second), 0)) + "| " + ids(tx.WholeSights(t.Context(), noon(), 0)) + "| " + ids(tx.WholeSights(t.Context(), noon().Add(-time.Hour), 0))
		if d := cmp.Diff("a:1 b:2 | c:3 | ", got); d != "" {
			t.Errorf("waiting and whole (-want +got):\n%s", d)
		}
		all, err := tx.WaitingSights(t.Context(), noon().Add(time.Hour), 1)
		if err != nil {
			return err
		}
		want := aSight("a", reconcile.Live)
		want.Heard = noon().Add(time.Second)
		if d := cmp.Diff([]reconcile.Sight{want}, all); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		return nil
	})
}

// gaps: what S3 lacks is known by name until there is too much of it, and goes when S3 brings it or a person has dealt with it.
func gaps(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for i := range 4 {
			x := aSight(strconv.Itoa(i), reconcile.Live)
			if err := tx.AddSight(t.Context(), x); err != nil {
				return err
			}
			x.Told = noon().Add(time.Duration(i) * time.Hour)
			if err := tx.TellSight(t.Context(), x); err != nil {
				return err
			}
		}
		first, err := tx.LackingSights(t.Context(), "111122223333", "eu-central-1", 1)
		if err != nil || len(first) != 1 || first[0].ID != "0" || !first[0].Told.Equal(noon()) {
			t.Fatalf("the first that is lacking: %+v, %v", first, err)
		}
		if err := tx.CountSight(t.Context(), first[0]); err != nil {
			return err
		}
		return tx.MatchSight(t.Context(), "111122223333", "3", reconcile.Stored)
	})
	gap := reconcile.Gap{Account: "111122223333", Region: "eu-central-1", Events: 2, Beyond: 1, From: noon().Add(-time.Minute), To: noon().Add(-time.Minute), Told: noon().Add(2 * time.Hour)}
	wants := func(want []reconcile.Gap) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			got, err := tx.Gaps(t.Context())
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("gaps, %v (-want +got):\n%s", err, d)
			}
			return nil
		})
	}
	wants([]reconcile.Gap{gap})
	drop := func(until time.Time) {
		do(t, s, func(tx *store.Tx) error { _, err := tx.DropGap(t.Context(), gap, until); return err })
	}
	drop(noon().Add(time.Hour))
	left := gap
	left.Events, left.Beyond = 1, 0
	wants([]reconcile.Gap{left})
	drop(noon().Add(2 * time.Hour))
	wants([]reconcile.Gap(nil))
}

// tallies: numbers add up over processes and are given by day.
func tallies(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	day := reconcile.Day(noon())
	one := reconcile.Tally{Account: "111122223333", Region: "eu-central-1", Day: day, Matched: 5, Missed: 2, Lacking: 1, Passed: 3}
	do(t, s, func(tx *store.Tx) error {
		for _, teller := range []int{1, 1, 2} {
			if err := tx.AddTally(t.Context(), teller, one); err != nil {
				return err
			}
		}
		old := one
		old.Day = day.Add(-48 * time.Hour)
		return tx.AddTally(t.Context(), 1, old)
	})
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Tallies(t.Context(), day)
		want := one
		want.Matched, want.Missed, want.Lacking, want.Passed = 15, 6, 3, 9
		if d := cmp.Diff([]reconcile.Tally{want}, got); d != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
		return nil
	})
	if n, err := s.PruneHeard(t.Context(), day); n != 1 || err != nil {
		t.Errorf("pruned %d, %v", n, err)
	}
}

// voices: since when a way is heard stays, unless it was silent for long; and it is known on which days.
func voices(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	place := reconcile.Place{Account: "111122223333", Region: "eu-central-1", Kind: reconcile.Write}
	heard := func(after time.Duration) {
		at := noon().Add(after)
		do(t, s, func(tx *store.Tx) error {
			return tx.SaveVoice(t.Context(), reconcile.Voice{Place: place, Way: reconcile.Live, Since: at, Last: at})
		})
	}
	wants := func(since, last time.Duration, days int) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			got, err := tx.Voices(t.Context())
			if err != nil {
				return err
			}
			want := reconcile.Voices{}
			want.Add(reconcile.Voice{Place: place, Way: reconcile.Live, Since: noon().Add(since), Last: noon().Add(last)})
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("voices (-want +got):\n%s", d)
			}
			who, err := tx.Speakers(t.Context())
			if err != nil || len(who) != 1 || len(who[0].Days) != days || !who[0].Last.Equal(noon().Add(last)) || !who[0].Days[reconcile.Day(noon())] {
				t.Errorf("want %d days, got %+v, %v", days, who, err)
			}
			return nil
		})
	}
	heard(0)
	heard(26 * time.Hour)
	heard(25 * time.Hour)
	wants(0, 26*time.Hour, 2)
	heard(26*time.Hour + reconcile.Fresh + time.Second)
	wants(26*time.Hour+reconcile.Fresh+time.Second, 26*time.Hour+reconcile.Fresh+time.Second, 3)
}

// pulses: a pause between two signs of life is an outage, also when several processes give them.
func pulses(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	look(t, s, func(tx *store.Tx) error {
		if a, err := tx.Awake(t.Context()); !a.First.IsZero() || err != nil {
			t.Errorf("before the first sign: %+v, %v", a, err)
		}
		return nil
	})
	for _, after := range []time.Duration{0, 4 * time.Minute, 3 * time.Minute, 64 * time.Minute} {
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.SavePulse(t.Context(), noon().Add(after)) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Awake(t.Context())
		want := reconcile.Awake{First: noon(), Last: noon().Add(64 * time.Minute), Outages: []reconcile.Span{{From: noon().Add(4 * time.Minute), To: noon().Add(64 * time.Minute)}}}
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, d)
		}
		return nil
	})
}

// parallelSights: the two ways of the same events by two processes at once, each in another order.
func parallelSights(t *testing.T, fresh Fresh) {
	t.Helper()
	url := fresh(t)
	const events = 40
	var all sync.WaitGroup
	for i, way := range []reconcile.Ways{reconcile.Live, reconcile.Stored} {
		s := open(t, url)
		all.Go(func() {
			for n := range events {
				id := strconv.Itoa([]int{n, events - 1 - n}[i])
				if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddSight(t.Context(), aSight(id, way)) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	look(t, open(t, url), func(tx *store.Tx) error {
		whole, err := tx.WholeSights(t.Context(), noon(), 0)
		if len(whole) != events {
			t.Errorf("both ways brought %d of %d events", len(whole), events)
		}
		return err
	})
}
