package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/correlate"
	"jobzero/internal/store"
)

// backruns: what is known is known once, and a later version takes the place of an earlier one in its run.
func backruns(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	old := store.Learnt{Kind: "rule", ID: "a", Digest: "a1", At: noon()}
	other := store.Learnt{Kind: "correlation", ID: "b", Digest: "b1", At: noon()}
	later := store.Learnt{Kind: "rule", ID: "a", Digest: "a2", At: noon().Add(time.Minute)}
	for _, in := range []struct {
		run string
		all []store.Learnt
	}{{"one", []store.Learnt{old, other}}, {"two", []store.Learnt{later}}, {"three", []store.Learnt{later, old}}} {
		do(t, s, func(tx *store.Tx) error { return tx.AddBackrun(t.Context(), in.run, in.all) })
	}
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.Backrun(t.Context())
		if d := cmp.Diff(map[string]bool{"a1": true, "b1": true, "a2": true}, got); d != "" {
			t.Errorf("known (-want +got):\n%s", d)
		}
		return err
	})
	for run, want := range map[string][]store.Learnt{"one": {other}, "two": {later}, "three": {}} {
		look(t, s, func(tx *store.Tx) error {
			got, err := tx.BackrunOf(t.Context(), run)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("run %s (-want +got):\n%s", run, d)
			}
			return err
		})
	}
}

// backrunParts: a part is added once, ends once, and is counted.
func backrunParts(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	for i, want := range []bool{true, true, true, false} {
		do(t, s, func(tx *store.Tx) error {
			added, err := tx.AddBackrunPart(t.Context(), "run", fmt.Sprint("part ", i%3))
			if added != want {
				t.Errorf("part %d: added %v", i, added)
			}
			return err
		})
	}
	do(t, s, func(tx *store.Tx) error { _, err := tx.AddBackrunPart(t.Context(), "other", "part 0"); return err })
	for _, c := range []struct {
		part string
		how  store.PartState
		want bool
	}{{"part 0", store.PartDone, true}, {"part 0", store.PartGivenUp, false}, {"part 1", store.PartGivenUp, true}, {"nothing", store.PartDone, false}} {
		do(t, s, func(tx *store.Tx) error {
			ended, err := tx.EndBackrunPart(t.Context(), "run", c.part, c.how, 7)
			if ended != c.want {
				t.Errorf("%s: ended %v", c.part, ended)
			}
			return err
		})
	}
	look(t, s, func(tx *store.Tx) error {
		for part, want := range map[string]bool{"part 0": false, "part 1": false, "part 2": true, "nothing": false} {
			if waits, err := tx.BackrunPartWaits(t.Context(), "run", part); waits != want || err != nil {
				t.Errorf("%s waits: %v, %v", part, waits, err)
			}
		}
		c, err := tx.BackrunParts(t.Context(), "run")
		if want := (store.PartCount{Waiting: 1, Done: 1, GivenUp: 1, Found: 14}); c != want || err != nil {
			t.Errorf("want %+v, got %+v, %v", want, c, err)
		}
		left, err := tx.BackrunLeft(t.Context())
		if left != 2 {
			t.Errorf("%d left of both runs", left)
		}
		return err
	})
}

// backrunHits: hits come back in the order of time, page by page, and go with their run.
func backrunHits(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	hit := func(n int) correlate.Hit {
		return correlate.Hit{Rule: "r", Event: fmt.Sprint("e", n), Time: noon().Add(time.Duration(n) * time.Second)}
	}
	for _, n := range []int{3, 1, 2, 1} {
		do(t, s, func(tx *store.Tx) error { return tx.AddBackrunHits(t.Context(), "run", []correlate.Hit{hit(n)}) })
	}
	do(t, s, func(tx *store.Tx) error { return tx.AddBackrunHits(t.Context(), "other", []correlate.Hit{hit(0)}) })
	read := func(run string) (got []string) {
		var m store.HitMark
		for {
			var page []correlate.Hit
			look(t, s, func(tx *store.Tx) (err error) { page, m, err = tx.BackrunHits(t.Context(), run, m, 2); return err })
			if len(page) == 0 {
				return got
			}
			for _, h := range page {
				got = append(got, h.Event)
			}
		}
	}
	if d := cmp.Diff([]string{"e1", "e2", "e3"}, read("run")); d != "" {
		t.Errorf("hits (-want +got):\n%s", d)
	}
	do(t, s, func(tx *store.Tx) error { return tx.EndBackrun(t.Context(), "run") })
	if got := append(read("run"), read("other")...); len(got) != 1 || got[0] != "e0" {
		t.Errorf("after the end of the run: %v", got)
	}
}
