package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/principal/lineage"
	"jobzero/internal/store"
)

// sessions: what a record said is kept once, given back to those who ask later, and forgotten after its end.
func sessions(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	early := lineage.Row{ID: "ASIA1/e-1", Until: noon().Add(time.Hour), State: []byte(`{"v":1}`)}
	late := lineage.Row{ID: "ASIA2/e-2", Until: noon().Add(2 * time.Hour), State: []byte(`{"v":1,"session":"\u0000ä"}`)}
	changed := early
	changed.State = []byte(`{"v":2}`)
	do(t, s, func(tx *store.Tx) error { return tx.SaveSessions(t.Context(), []lineage.Row{early}, noon()) })
	do(t, s, func(tx *store.Tx) error {
		return tx.SaveSessions(t.Context(), []lineage.Row{changed, late}, noon().Add(time.Minute))
	})
	after := func(m store.SessionMark, limit int, want ...lineage.Row) (next store.SessionMark) {
		t.Helper()
		look(t, s, func(tx *store.Tx) (err error) {
			var got []lineage.Row
			got, next, err = tx.SessionsAfter(t.Context(), m, limit)
			if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
				t.Errorf("after %v (-want +got):\n%s", m, d)
			}
			return err
		})
		return next
	}
	after(store.SessionMark{}, 10, early, late)
	first := after(store.SessionMark{}, 1, early)
	last := after(first, 1, late)
	if after(last, 1) != last || !last.Saved.Equal(noon().Add(time.Minute)) {
		t.Errorf("the mark moved without rows, from %v", last)
	}
	after(store.SessionMark{Saved: noon()}, 10, early, late)
	if n, err := s.PruneSessions(t.Context(), noon().Add(90*time.Minute)); n != 1 || err != nil {
		t.Errorf("forgot %d sessions: %v", n, err)
	}
	after(store.SessionMark{}, 10, late)
}
