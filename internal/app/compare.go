package app

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"jobzero/internal/detect/reconcile"
	"jobzero/internal/event"
	"jobzero/internal/store"
)

const (
	// askVoices is how often a process asks the store what others have heard; see reconcile.Voices.Judge for what that bounds.
	askVoices = time.Minute
	// mostVoices bounds what is remembered of ways: regions are names that strangers write. What is beyond it is not compared.
	mostVoices = 200_000
	// tellers is how many lines of numbers there are for a day, so that replicas mostly have one each.
	tellers = 1 << 16
)

// What became of events, as the measures name it.
const (
	matched     = "matched"
	missedLive  = "missed_live"
	lackingInS3 = "lacking_in_s3"
	notCompared = "not_compared"
)

// comparing is what this process knows of the ways in which events come. The store has the truth.
type comparing struct {
	sync.Mutex
	voices reconcile.Voices
	asked  time.Time
	teller int
}

// comparison is what there is to write down of some events.
type comparison struct {
	voices  []reconcile.Voice
	counted []reconcile.Sight // to be remembered until the other way has brought them
	late    []reconcile.Sight // that can complete what is remembered
	tallies []reconcile.Tally
	teller  int
}

// compare says what has to be written down of events so that the two ways can be held against each other.
func (h *House) compare(ctx context.Context, events []*event.Event, now time.Time) (*comparison, error) {
	c := &comparison{}
	if !h.config.Compares() && h.config.Reconcile.Silence == 0 {
		return c, nil
	}
	w := &h.compares
	w.Lock()
	defer w.Unlock()
	if err := h.askVoices(ctx, now); err != nil {
		return nil, err
	}
	if w.teller == 0 {
		w.teller = 1 + rand.IntN(tellers) //nolint:gosec // a line to write to is no secret
	}
	c.teller = w.teller
	for _, e := range events {
		h.note(c, e, now)
	}
	byKey := func(a, b reconcile.Sight) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(c.counted, byKey) // so that two processes take rows in one order
	slices.SortFunc(c.late, byKey)
	return c, nil
}

// askVoices reads now and then what all processes have heard. The caller holds the lock.
func (h *House) askVoices(ctx context.Context, now time.Time) error {
	w := &h.compares
	if w.voices != nil && now.Sub(w.asked) < askVoices {
		return nil
	}
	return h.store.View(ctx, func(tx storeTx) error {
		voices, err := tx.Voices(ctx)
		if err == nil {
			w.voices, w.asked = voices, now
		}
		return err
	})
}

// note adds what there is to write down of one event. The caller holds the lock.
func (h *House) note(c *comparison, e *event.Event, now time.Time) {
	way, ok := reconcile.WayOf(e)
	if !ok || e.Log != event.CloudTrail {
		return
	}
	voices := h.compares.voices
	kind, whole := reconcile.KindOf(e)
	place := reconcile.Place{Account: e.Account, Region: e.Region, Kind: kind}
	if !whole {
		place.Region = ""
	}
	if voices[place] != nil || len(voices) < mostVoices {
		if v, due := voices.Hear(place, way, now, hearEvery); due {
			c.voices = append(c.voices, v)
		}
	}
	if !whole || !h.config.Compares() {
		return
	}
	x := reconcile.Sight{Account: e.Account, ID: e.ID, Region: e.Region, Name: e.Name, Ways: way, At: e.Time, Heard: now}
	if x.At.After(now) {
		x.At = now // nothing comes from the future
	}
	switch voices.Judge(e, kind, now, h.config.Reconcile.After) {
	case reconcile.Counted:
		c.counted = append(c.counted, x)
	case reconcile.Passed:
		c.late = append(c.late, x)
		c.pass(x)
	case reconcile.Foreign:
	}
}

// pass counts a copy that is not compared.
func (c *comparison) pass(x reconcile.Sight) {
	day := reconcile.Day(x.At)
	for i := range c.tallies {
		if t := &c.tallies[i]; t.Account == x.Account && t.Region == x.Region && t.Day.Equal(day) {
			t.Passed++
			return
		}
	}
	c.tallies = append(c.tallies, reconcile.Tally{Account: x.Account, Region: x.Region, Day: day, Passed: 1})
}

// passed is how many copies are not compared.
func (c *comparison) passed() int { return len(c.late) }

// saving writes it down, in the transaction of what follows from the events.
func (c *comparison) saving(ctx context.Context) func(*store.Tx) error {
	if len(c.voices)+len(c.counted)+len(c.late) == 0 {
		return nil
	}
	return func(tx *store.Tx) error {
		for _, v := range c.voices {
			if err := tx.SaveVoice(ctx, v); err != nil {
				return err
			}
		}
		for _, x := range c.counted {
			if err := tx.AddSight(ctx, x); err != nil {
				return err
			}
		}
		for _, x := range c.late {
			if err := tx.MatchSight(ctx, x.Account, x.ID, x.Ways); err != nil {
				return err
			}
		}
		for _, t := range c.tallies {
			if err := tx.AddTally(ctx, c.teller, t); err != nil {
				return err
			}
		}
		return nil
	}
}
