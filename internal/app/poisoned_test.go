package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
)

// An account that cannot be listed for so long that the work is given up is listed again at its next time, not at the next
// start; what was taken out of the settings is not.
func TestASweepThatFailedForGoodComesAgain(t *testing.T) {
	h := newHouse(t)
	ref := slices.Collect(h.sweeps())[0]
	for _, r := range []string{ref, "444455556666||AWS::S3::Bucket"} {
		if err := h.poisoned(t.Context(), legSweep, r, fault.New(fault.Unavailable, "the role cannot be assumed")); err != nil {
			t.Fatal(err)
		}
	}
	tickets := worked(t, h)
	if len(tickets) != 1 || tickets[0].Account != "111122223333" || !strings.Contains(tickets[0].Title, "cannot be judged: AWS does not answer") {
		t.Errorf("nobody is told that the account is not watched: %+v", tickets)
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
