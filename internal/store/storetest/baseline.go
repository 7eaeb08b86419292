package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/baseline"
	"jobzero/internal/fault"
	"jobzero/internal/store"
)

// habits: events in short wait until the learner has them, and only who knows the learner's version can save it. Names of rows
// are texts of strangers.
func habits(t *testing.T, fresh Fresh) { //nolint:funlen // one story
	t.Helper()
	s := open(t, fresh(t))
	early, late := baseline.Brief{First: noon(), Doc: []byte{0, 1}}, baseline.Brief{First: noon().Add(time.Minute), Doc: []byte{2}}
	for range 2 { // twice is once
		do(t, s, func(tx *store.Tx) error { return tx.AddBriefs(t.Context(), []baseline.Brief{late, early}) })
	}
	waiting := func(before time.Time, limit int, want ...[]byte) (ids []string) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			all, err := tx.Briefs(t.Context(), before, limit)
			var got [][]byte
			for _, b := range all {
				got, ids = append(got, b.Doc), append(ids, b.ID)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("what waits (-want +got):\n%s", d)
			}
			return err
		})
		return ids
	}
	waiting(noon(), 10)
	waiting(noon().Add(time.Hour), 1, early.Doc)
	taken := waiting(late.First, 10, early.Doc)
	rows := []baseline.Row{
		{Scope: "learner", State: []byte{0}},
		{Scope: "principal", ID: "a\x00\xff" + strings.Repeat("ä", 4000), State: []byte{1, 2}},
		{Scope: "principal", ID: "b", State: []byte{}},
	}
	save := func(l store.Lesson) error {
		return s.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveLearner(t.Context(), l) })
	}
	if err := save(store.Lesson{Changed: rows, Taken: taken}); err != nil {
		t.Fatal(err)
	}
	if err := save(store.Lesson{Changed: rows[:1]}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version saves the learner: %v", err)
	}
	waiting(noon().Add(time.Hour), 10, late.Doc)
	known := func(version int64, want ...baseline.Row) {
		t.Helper()
		look(t, s, func(tx *store.Tx) error {
			got, err := tx.Habits(t.Context())
			byID := cmp.Transformer("byName", func(all []baseline.Row) map[string]string {
				out := map[string]string{}
				for _, r := range all {
					out[r.Scope+"/"+r.ID] = string(r.State)
				}
				return out
			})
			if d := cmp.Diff(want, got, byID); d != "" || err != nil {
				t.Errorf("what is known (-want +got): %v\n%s", err, d)
			}
			v, err := tx.LearnerVersion(t.Context())
			if v != version {
				t.Errorf("version %d, want %d", v, version)
			}
			return err
		})
	}
	known(1, rows...)
	if err := save(store.Lesson{Was: 1, Changed: []baseline.Row{{Scope: "principal", ID: "b"}}}); err != nil {
		t.Fatal(err)
	}
	known(2, rows[:2]...)
	if err := save(store.Lesson{Was: 2, Anew: true, Changed: rows[:1]}); err != nil {
		t.Fatal(err)
	}
	known(3, rows[:1]...)
}
