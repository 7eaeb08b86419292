package storetest

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"jobzero/internal/flow"
	"jobzero/internal/store"
)

// marksAndClaims: hints are on the bus before they are marked as sent, so workers claim and settle their rows meanwhile. Neither side may
// fail for it, each thing is claimed once, and a mark that comes late unsettles nothing.
func marksAndClaims(t *testing.T, fresh Fresh) {
	t.Helper()
	b := newBench(t, fresh)
	const things, workers = 200, 8
	do(t, b.s, func(tx *store.Tx) error {
		for i := range things {
			if err := tx.Enqueue(t.Context(), leg, fmt.Sprint("thing-", i), b.now); err != nil {
				return err
			}
		}
		return nil
	})
	hints, err := b.s.Unsent(t.Context(), leg, b.now, b.now, things)
	if err != nil || len(hints) != things {
		t.Fatalf("%d hints, %v", len(hints), err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if err := b.s.MarkSent(t.Context(), hints, b.now, func(flow.Hint) time.Time { return b.now.Add(time.Minute) }); err != nil {
			t.Errorf("mark: %v", err)
		}
	})
	for w := range workers {
		all.Go(func() {
			for i := w; i < things; i += workers {
				c, ok, err := b.s.Claim(t.Context(), flow.Ask{
					Leg: leg, Ref: hints[i].Ref, Holder: strconv.Itoa(w), Now: b.now, Wall: b.now, Until: b.now.Add(time.Minute),
				})
				if err != nil || !ok {
					t.Errorf("claim %s: %t %v", hints[i].Ref, ok, err)
					continue
				}
				if end, err := b.s.Finish(t.Context(), c, flow.Outcome{End: flow.Settle}); err != nil || !end.Held || end.Pending {
					t.Errorf("finish %s: %+v %v", hints[i].Ref, end, err)
				}
			}
		})
	}
	all.Wait()
	if left := b.unsent(); len(left) != 0 {
		t.Errorf("%d things are still to be done", len(left))
	}
	waits, err := b.s.Backlog(t.Context())
	if err != nil || len(waits) != 0 {
		t.Errorf("left: %+v %v", waits, err)
	}
}
