package app

import (
	"log/slog"
	"testing"
	"time"

	"jobzero/internal/config"
	"jobzero/internal/fault"
)

// An account that cannot be listed for so long that the work is given up is listed again at its next time, not at the next
// start; what was taken out of the settings is not.
func TestASweepThatFailedForGoodComesAgain(t *testing.T) {
	c := config.Default()
	c.DataDir, c.Listen, c.Sweep.Every = t.TempDir(), "127.0.0.1:0", time.Hour
	c.Accounts = []config.Account{{ID: "111122223333", Regions: []string{"eu-central-1"}}}
	h, err := New(t.Context(), c, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Stop(t.Context()) })
	ref := h.sweeps()[0]
	for _, r := range []string{ref, "444455556666||AWS::S3::Bucket"} {
		if err := h.poisoned(t.Context(), legSweep, r, fault.New(fault.Unavailable, "the role cannot be assumed")); err != nil {
			t.Fatal(err)
		}
	}
	late := h.clock.Now().Add(2 * time.Hour)
	due, err := h.store.Unsent(t.Context(), legSweep, late, late, 10)
	if err != nil || len(due) != 1 || due[0].Ref != ref {
		t.Errorf("want %s to be swept again, got %v %v", ref, due, err)
	}
	if now := h.clock.Now(); len(due) == 1 {
		if early, err := h.store.Unsent(t.Context(), legSweep, now, now, 10); err != nil || len(early) != 0 {
			t.Errorf("it is due at once: %v %v", early, err)
		}
	}
}
