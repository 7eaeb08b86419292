package subscription

import (
	"context"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notify/webhook"
)

// Leg is the name of the leg that tells subscriptions. What it looks at is one of them.
const Leg = "subscription"

// How long a post that was not taken waits for its next try: doubled each time. A turn is how long one look may last, so that every
// subscription gets a worker.
const (
	pause, longestPause = 5 * time.Second, time.Hour
	turn                = 30 * time.Second
	batch               = 200
)

// Tx is what is needed of a transaction.
type Tx interface {
	Subscription(ctx context.Context, id string) (Subscription, error)
	Subscriptions(ctx context.Context) ([]Subscription, error)
	SaveSubscription(ctx context.Context, s Subscription) error
	Place(ctx context.Context, subscription string) (Place, error)
	SavePlace(ctx context.Context, subscription string, p Place) error
	// ChainAfter gives what follows a place in the chain, the oldest first, of all kinds.
	ChainAfter(ctx context.Context, after int64, limit int) ([]Change, error)
	// ChainEnd is the place of the last change.
	ChainEnd(ctx context.Context) (int64, error)
	Enqueue(ctx context.Context, leg, ref string, due time.Time) error
}

// Store opens transactions.
type Store interface {
	View(ctx context.Context, do func(Tx) error) error
	Update(ctx context.Context, do func(Tx) error) error
}

// Courier is the leg. It keeps nothing in memory: a killed process loses nothing, and says at most one thing once more, under the same name.
type Courier struct {
	Options
}

// Options are what New needs.
type Options struct {
	Store  Store
	Config Config
	// Fill says more of what has changed, as it is now.
	Fill func(ctx context.Context, tx Tx, c Change, e *Event) error
	// Ended is told, in the same transaction, of a subscription that is given up.
	Ended func(ctx context.Context, tx Tx, s Subscription) error
	Now   func() time.Time
}

// New makes a courier.
func New(o Options) *Courier { return &Courier{o} }

// Carry is the durable leg: it tells one subscription what the chain has new, one change after the other, and says when to try again.
func (c *Courier) Carry(ctx context.Context, id string) (time.Time, error) {
	began := c.Now()
	s, p, err := c.look(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && s.State != Live {
		return time.Time{}, nil
	}
	if err != nil || began.Before(p.Next) {
		return p.Next, err
	}
	l := &line{}
	defer l.close()
	for {
		all, err := c.changes(ctx, p.Seq)
		if err != nil || len(all) == 0 {
			return time.Time{}, err
		}
		for _, x := range all {
			if !s.Wants(x.Kind) {
				p.Seq = x.Seq
				continue
			}
			if taken, again, err := c.tell(ctx, l, id, x); err != nil || !taken {
				return again, err
			}
			p.Seq = x.Seq
			if now := c.Now(); now.Sub(began) > turn {
				return now, nil
			}
		}
		if err := c.place(ctx, id, func(at *Place) { at.Seq = max(at.Seq, p.Seq) }); err != nil {
			return time.Time{}, err
		}
	}
}

// line is the connection to an address, by the secrets that it has now: somebody may make a new one while others are told.
type line struct {
	of   Subscription
	open *webhook.Line
}

func (l *line) to(s Subscription, c Config, now time.Time) *webhook.Line {
	if l.open == nil || l.of.Version != s.Version {
		l.close()
		l.of, l.open = s, s.hook(c, now).Open()
	}
	return l.open
}

func (l *line) close() {
	if l.open != nil {
		l.open.Close()
	}
}

func (c *Courier) look(ctx context.Context, id string) (s Subscription, p Place, err error) {
	err = c.Store.View(ctx, func(tx Tx) (err error) {
		if s, err = tx.Subscription(ctx, id); err != nil {
			return err
		}
		p, err = tx.Place(ctx, id)
		return err
	})
	return s, p, err
}

func (c *Courier) changes(ctx context.Context, after int64) (all []Change, err error) {
	err = c.Store.View(ctx, func(tx Tx) (err error) {
		all, err = tx.ChainAfter(ctx, after, batch)
		return err
	})
	return all, err
}

// tell posts one change, unless the subscription has ended meanwhile. When it was not taken the time is that of the next try, zero where there is none.
func (c *Courier) tell(ctx context.Context, l *line, id string, x Change) (taken bool, again time.Time, err error) {
	now := c.Now()
	e := Event{Version: Version, ID: name(id, x.Seq), Type: x.Kind + "." + x.What(), Seq: x.Seq, Kind: x.Kind, Of: x.ID, At: now}
	if x.Entry != nil {
		e.At, e.State = x.Entry.At, string(x.Entry.State)
	}
	var s Subscription
	err = c.Store.View(ctx, func(tx Tx) (err error) {
		if s, err = tx.Subscription(ctx, id); err != nil || s.State != Live {
			return err
		}
		return c.Fill(ctx, tx, x, &e)
	})
	if err != nil || s.State != Live {
		return false, again, err
	}
	p, err := e.post(now)
	if err != nil {
		return false, again, err
	}
	_, said := l.to(s, c.Config, now).Do(ctx, p)
	if said != nil && ctx.Err() != nil {
		return false, again, ctx.Err() // we are stopping: nobody knows whether it came, and the next process sends it again
	}
	if said != nil {
		again, err = c.failed(ctx, s, said)
		return false, again, err
	}
	return true, again, c.place(ctx, s.ID, func(at *Place) { *at = Place{Seq: max(at.Seq, x.Seq), Taken: c.Now()} })
}

func (c *Courier) place(ctx context.Context, id string, change func(*Place)) error {
	return c.Store.Update(ctx, func(tx Tx) error {
		p, err := tx.Place(ctx, id)
		if err != nil {
			return err
		}
		change(&p)
		return tx.SavePlace(ctx, id, p)
	})
}

// failed notes that a post was not taken. Whatever the answer was it is tried again: a change that is skipped is one that nobody misses
// until it is too late. After days there is no more.
func (c *Courier) failed(ctx context.Context, s Subscription, said error) (again time.Time, err error) {
	err = c.Store.Update(ctx, func(tx Tx) error {
		now := c.Now()
		p, err := tx.Place(ctx, s.ID)
		if err != nil {
			return err
		}
		if p.Failing.IsZero() {
			p.Failing = now
		}
		p.Error, p.Next = said.Error(), now.Add(wait(p.Tries))
		p.Tries++
		again = p.Next
		if err := tx.SavePlace(ctx, s.ID, p); err != nil || now.Sub(p.Failing) < c.Config.GiveUp {
			return err
		}
		again = time.Time{}
		return c.end(ctx, tx, s.ID, "nothing was taken since "+p.Failing.UTC().Format(time.RFC3339)+": "+p.Error)
	})
	return again, err
}

func wait(tries int) time.Duration {
	const doublings = 20 // beyond the longest, and far from what overflows
	return min(pause<<min(tries, doublings), longestPause)
}

// end gives a subscription up.
func (c *Courier) end(ctx context.Context, tx Tx, id, why string) error {
	s, err := tx.Subscription(ctx, id)
	if err != nil || s.State != Live {
		return err
	}
	s.State, s.Why = Off, why
	s.Version++
	if err := tx.SaveSubscription(ctx, s); err != nil {
		return err
	}
	return c.Ended(ctx, tx, s)
}

// Wake has every subscription looked at that the chain has something for, and gives the chain's end.
func (c *Courier) Wake(ctx context.Context, seen int64) (last int64, err error) {
	var due []string
	err = c.Store.View(ctx, func(tx Tx) (err error) {
		due = nil
		if last, err = tx.ChainEnd(ctx); err != nil || last == seen {
			return err
		}
		all, err := tx.Subscriptions(ctx)
		for _, s := range all {
			p, err := tx.Place(ctx, s.ID)
			if err != nil {
				return err
			}
			if s.State == Live && p.Seq < last && !c.Now().Before(p.Next) {
				due = append(due, s.ID)
			}
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return last, err
	}
	return last, c.Store.Update(ctx, func(tx Tx) error {
		for _, id := range due {
			if err := tx.Enqueue(ctx, Leg, id, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}
