package storetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jobzero/internal/flow"
)

// world follows one thing's wake-ups beside the database and knows what may not happen.
type world struct {
	*bench
	ref  string
	owed []time.Time // due times of wake-ups that no run begun later has settled
	slot int         // how many of owed, from the front, a run was begun for that is not settled yet
	run  *run
	runs int
}

// run is a claim under way.
type run struct {
	claim flow.Claim
	until time.Time
}

// noLostWakeup: whatever happens in whatever order, each wake-up is followed by a run that begins after it and is settled; no
// two run at once; none begins before anything is due.
func noLostWakeup(t *testing.T, fresh Fresh) {
	t.Helper()
	n := 0
	b := newBench(t, fresh)
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w := &world{bench: b, ref: fmt.Sprint("thing-", n)}
		rt.Repeat(map[string]func(*rapid.T){
			"enqueue": w.wake,
			"claim":   w.begin,
			"finish":  w.end,
			"crash":   func(*rapid.T) { w.run = nil }, // its lease still stands
			"relay":   func(*rapid.T) { w.send(w.unsent(), 2*time.Second) },
			"sweep": func(rt *rapid.T) {
				if _, err := w.s.Unsend(t.Context(), w.now); err != nil {
					rt.Fatal(err)
				}
			},
			"wait": func(rt *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(rt, "seconds")) * time.Second)
			},
		})
		w.drain(rt)
	})
}

func (w *world) wake(rt *rapid.T) {
	in := time.Duration(rapid.IntRange(-5, 60).Draw(rt, "due in")) * time.Second
	w.enqueue(w.ref, in)
	w.owed = append(w.owed, w.now.Add(in))
}

func (w *world) begin(rt *rapid.T) {
	w.runs++
	c, ok := w.claim(w.ref, fmt.Sprint("holder-", w.runs))
	if !ok {
		return
	}
	if w.run != nil && w.run.until.After(w.now) {
		rt.Fatalf("two runs at once")
	}
	if len(w.owed) == 0 {
		rt.Fatalf("a run that nothing asked for")
	}
	earliest := w.owed[0]
	for _, due := range w.owed {
		if due.Before(earliest) {
			earliest = due
		}
	}
	if earliest.After(w.now) {
		rt.Fatalf("a run at %s, before anything is due (%s)", w.now, earliest)
	}
	w.run = &run{claim: c, until: w.now.Add(30 * time.Second)}
	if w.slot == 0 { // a run that is repeated does not stand for what came after it was first begun
		w.slot = len(w.owed)
	}
}

func (w *world) end(rt *rapid.T) {
	if w.run == nil {
		return
	}
	again := w.now.Add(time.Duration(rapid.IntRange(0, 50).Draw(rt, "again in")) * time.Second)
	o := rapid.SampledFrom([]flow.Outcome{
		{End: flow.Settle},
		{End: flow.LookAgain, Due: again},
		{End: flow.TryAgain, Due: again, Error: "x"},
		{End: flow.GiveUp, Error: "x", Wall: w.now},
		{End: flow.LetGo},
	}).Draw(rt, "outcome")
	r := w.run
	w.run = nil
	if !w.finish(r.claim, o) {
		rt.Fatalf("nobody else claimed it, and yet the claim was lost")
	}
	switch o.End {
	case flow.Settle, flow.GiveUp:
		w.owed, w.slot = w.owed[w.slot:], 0
	case flow.LookAgain:
		w.owed, w.slot = append([]time.Time{again}, w.owed[w.slot:]...), 0
	case flow.LetGo: // as before
	case flow.TryAgain: // a failing thing waits; having been woken meanwhile does not make it run sooner
		for i := range w.owed {
			if w.owed[i].Before(again) || i < w.slot {
				w.owed[i] = again
			}
		}
	}
}

// drain lets time pass and settles until nothing is left.
func (w *world) drain(rt *rapid.T) {
	w.run = nil
	for range 10 {
		w.now = w.now.Add(2 * time.Minute)
		if _, err := w.s.Unsend(w.t.Context(), w.now); err != nil {
			rt.Fatal(err)
		}
		wanted := false
		for _, h := range w.unsent() {
			wanted = wanted || h.Ref == w.ref
		}
		w.begin(rt)
		if (w.run != nil) != wanted {
			rt.Fatalf("a hint is wanted: %v, the row can be claimed: %v", wanted, w.run != nil)
		}
		if w.run == nil {
			break
		}
		if !w.finish(w.run.claim, flow.Outcome{End: flow.Settle}) {
			rt.Fatal("the claim was lost")
		}
		w.owed, w.slot, w.run = w.owed[w.slot:], 0, nil
	}
	if len(w.owed) > 0 {
		rt.Fatalf("lost wake-ups: %v", w.owed)
	}
}
