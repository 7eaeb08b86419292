package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/coverage"
	"jobzero/internal/store"
)

// heard: the first time and the newest are kept, whatever order they come in.
func heard(t *testing.T, fresh Fresh) {
	t.Helper()
	s := open(t, fresh(t))
	flow := coverage.Heard{Account: "111122223333", Way: coverage.Stored, Log: "aws/vpcflow", Class: coverage.Entry}
	for _, at := range []time.Duration{0, 2 * time.Hour, time.Hour} {
		h := flow
		h.Last = noon().Add(at)
		do(t, s, func(tx *store.Tx) error { return tx.SaveHeard(t.Context(), h) })
	}
	do(t, s, func(tx *store.Tx) error {
		got, err := tx.Heard(t.Context())
		want := flow
		want.First, want.Last = noon(), noon().Add(2*time.Hour)
		if d := cmp.Diff([]coverage.Heard{want}, got); d != "" || err != nil {
			t.Errorf("(-want +got) %v:\n%s", err, d)
		}
		return nil
	})
}
