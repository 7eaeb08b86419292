package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// savedViews are each person's own.
func savedViews(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	do(t, s, func(tx *store.Tx) error {
		for _, v := range []struct {
			who string
			ticket.View
		}{
			{"ana", ticket.View{Name: "b", Query: "state=open"}},
			{"ana", ticket.View{Name: "a", Query: "state=human"}},
			{"ana", ticket.View{Name: "b", Query: "state=closed"}},
			{"ana", ticket.View{Name: "gone", Query: "x"}},
			{"ben", ticket.View{Name: "a", Query: "severity=high"}},
		} {
			if err := tx.SaveView(t.Context(), v.who, v.View); err != nil {
				return err
			}
		}
		for range 2 {
			if err := tx.DropView(t.Context(), "ana", "gone"); err != nil {
				return err
			}
		}
		return nil
	})
	look(t, s, func(tx *store.Tx) error {
		got, err := tx.SavedViews(t.Context(), "ana")
		if d := cmp.Diff([]ticket.View{{Name: "a", Query: "state=human"}, {Name: "b", Query: "state=closed"}}, got); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		return err
	})
}
