package crash

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"jobzero/internal/flow"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/store"
	"jobzero/internal/telemetry"
)

// hooked begins the path at which the witness is told of changes of pages.
const hooked = "/hooked"

func subscriptions(s *store.Store) subscription.Store {
	return store.In(s, func(tx *store.Tx) subscription.Tx { return tx })
}

// key is what all secrets follow from, as settings have it.
func key() (subscription.Config, error) {
	c := subscription.DefaultConfig()
	c.Key, c.Private = "a made-up key of a test of kills", true
	return c, c.Validate()
}

// subscribe has the witness told of every change of a page.
func (l *load) subscribe() {
	l.t.Helper()
	c, err := key()
	if err != nil {
		l.t.Fatal(err)
	}
	d := subscription.Desk{Store: subscriptions(l.store), Config: c, Key: func() (telemetry.Secret, error) { return c.Key, nil }, NewID: func() string { return "witness" }, Now: time.Now}
	if _, _, err := d.Add(l.t.Context(), subscription.Wish{Name: "witness", URL: l.witness.url + hooked, Kinds: []string{"page"}}, "mia"); err != nil {
		l.t.Fatal(err)
	}
}

// hooks are the legs of a worker that tell programs.
func hooks(s *store.Store) ([]flow.Leg, error) {
	c, err := key()
	courier := subscription.New(subscription.Options{
		Store: subscriptions(s), Config: c, Now: time.Now,
		Fill:  func(context.Context, subscription.Tx, subscription.Change, *subscription.Event) error { return nil },
		Ended: func(context.Context, subscription.Tx, subscription.Subscription) error { return nil },
	})
	watch := func(ctx context.Context) error {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for seen := int64(-1); ; {
			if last, err := courier.Wake(ctx, seen); err == nil { // else the database is away, and is asked again
				seen = last
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	}
	return []flow.Leg{flow.From("changes", watch, "changes"), flow.Into(subscription.Leg, "changes", courier.Carry)}, err
}

// hook keeps the place in the chain of what the witness is told.
func (w *witness) hook(r *http.Request) {
	var e subscription.Event
	if text, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(text, &e) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hooked = append(w.hooked, e.Seq)
}

// behind is how far those who are told of changes are from the end of the chain.
func (l *load) behind(ctx context.Context) (n int64, err error) {
	err = l.store.View(ctx, func(tx *store.Tx) error {
		last, err := tx.ChainEnd(ctx)
		if err != nil {
			return err
		}
		p, err := tx.Place(ctx, "witness")
		n = last - p.Seq
		return err
	})
	return n, err
}

// judgeHooks: every change of a page was told, in the order of the chain, and a kill has one come twice at the most.
func (l *load) judgeHooks(kills int) {
	l.t.Helper()
	ctx := l.t.Context()
	var want, got []int64
	err := l.store.View(ctx, func(tx *store.Tx) error {
		for after := int64(0); ; {
			some, err := tx.ChainAfter(ctx, after, 1000)
			if err != nil || len(some) == 0 {
				return err
			}
			for _, c := range some {
				if after = c.Seq; c.Kind == "page" {
					want = append(want, c.Seq)
				}
			}
		}
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.witness.mu.Lock()
	defer l.witness.mu.Unlock()
	for _, seq := range l.witness.hooked {
		if !slices.Contains(got, seq) {
			got = append(got, seq)
		}
	}
	again := len(l.witness.hooked) - len(got)
	if !slices.Equal(got, want) || again > kills {
		l.t.Errorf("%d changes of pages, and the witness was told of %d, %d of them once more after %d kills; in order: %t", len(want), len(got), again, kills, slices.IsSorted(got))
	}
	l.t.Logf("%d changes of pages told in order, %d of them once more", len(got), again)
}
