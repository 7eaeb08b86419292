package subscription

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Desk is where admins subscribe. The key is asked for when a secret is needed, so that none is made for those who only look.
type Desk struct {
	Store  Store
	Config Config // its key is not looked at
	Key    func() (telemetry.Secret, error)
	NewID  func() string
	Now    func() time.Time
}

// keyed are the settings with the key.
func (d *Desk) keyed() (c Config, err error) {
	c = d.Config
	c.Key, err = d.Key()
	return c, err
}

// Wish is what somebody wants to be told, and where.
type Wish struct {
	Name  string
	URL   string
	Kinds []string
}

// Add subscribes: from now on, and not to what was before. The secret is shown once.
func (d *Desk) Add(ctx context.Context, w Wish, by string) (Shown, telemetry.Secret, error) {
	c, err := d.keyed()
	if err != nil {
		return Shown{}, "", err
	}
	now := d.Now()
	s := Subscription{ID: strings.ToLower(d.NewID()), Name: w.Name, URL: w.URL, Kinds: w.Kinds, By: by, Made: now, State: Live, Version: 1}
	if err := s.check(c); err != nil {
		return Shown{}, "", err
	}
	var last int64
	err = d.Store.Update(ctx, func(tx Tx) error {
		all, err := there(ctx, tx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(x Subscription) bool { return x.Name == s.Name }) {
			return fault.New(fault.Conflict, "there is a webhook %s already: remove it, or take another name", s.Name)
		}
		if len(all) >= most {
			return fault.New(fault.Conflict, "there are %d webhooks already: remove one that nobody needs", len(all))
		}
		if last, err = tx.ChainEnd(ctx); err != nil {
			return err
		}
		if err := tx.SaveSubscription(ctx, s); err != nil {
			return err
		}
		return tx.SavePlace(ctx, s.ID, Place{Seq: last})
	})
	return s.shown(c, Place{Seq: last}, last, now), c.secret(s.ID, s.Secret), err
}

// there are all that were not removed, by name.
func there(ctx context.Context, tx Tx) ([]Subscription, error) {
	all, err := tx.Subscriptions(ctx)
	all = slices.DeleteFunc(all, func(s Subscription) bool { return s.State == Removed })
	slices.SortFunc(all, func(a, b Subscription) int { return cmp.Compare(a.Name, b.Name) })
	return all, err
}

// List gives all that were not removed, by name.
func (d *Desk) List(ctx context.Context) (out []Shown, err error) {
	err = d.Store.View(ctx, func(tx Tx) error {
		out = []Shown{}
		last, err := tx.ChainEnd(ctx)
		if err != nil {
			return err
		}
		all, err := there(ctx, tx)
		for _, s := range all {
			p, err := tx.Place(ctx, s.ID)
			if err != nil {
				return err
			}
			out = append(out, s.shown(d.Config, p, last, d.Now()))
		}
		return err
	})
	return out, err
}

// One gives one by its name or ID.
func (d *Desk) One(ctx context.Context, name string) (Shown, error) {
	all, err := d.List(ctx)
	if err != nil {
		return Shown{}, err
	}
	at := slices.IndexFunc(all, func(s Shown) bool { return s.ID == name || s.Name == name })
	if at < 0 {
		return Shown{}, missing(name)
	}
	return all[at], nil
}

func missing(name string) error {
	return fault.New(fault.NotFound, "there is no webhook %q: `jobzero webhook list` shows them", name)
}

// Rotate makes a new secret, which is shown once. The one of before is valid beside it for a while.
func (d *Desk) Rotate(ctx context.Context, name string) (Shown, telemetry.Secret, error) {
	c, err := d.keyed()
	if err != nil {
		return Shown{}, "", err
	}
	var secret telemetry.Secret
	out, err := d.change(ctx, name, func(_ Tx, s *Subscription) error {
		s.Secret++
		s.Rotated = d.Now()
		secret = c.secret(s.ID, s.Secret)
		return nil
	})
	return out, secret, err
}

// Remove ends a subscription for ever.
func (d *Desk) Remove(ctx context.Context, name string) (Shown, error) {
	return d.change(ctx, name, func(_ Tx, s *Subscription) error {
		s.State, s.Why = Removed, ""
		return nil
	})
}

// Resume tries one again that was given up, or that waits for its next try: from where it was, so that it misses nothing.
func (d *Desk) Resume(ctx context.Context, name string) (Shown, error) {
	return d.change(ctx, name, func(tx Tx, s *Subscription) error {
		p, err := tx.Place(ctx, s.ID)
		if err != nil {
			return err
		}
		s.State, s.Why = Live, ""
		p.Failing, p.Tries, p.Next, p.Error = time.Time{}, 0, time.Time{}, ""
		if err := tx.SavePlace(ctx, s.ID, p); err != nil {
			return err
		}
		return tx.Enqueue(ctx, Leg, s.ID, time.Time{})
	})
}

// change does something to one.
func (d *Desk) change(ctx context.Context, name string, do func(Tx, *Subscription) error) (out Shown, err error) {
	err = d.Store.Update(ctx, func(tx Tx) error {
		s, err := find(ctx, tx, name)
		if err != nil {
			return err
		}
		if err := do(tx, &s); err != nil {
			return err
		}
		s.Version++
		if err := tx.SaveSubscription(ctx, s); err != nil {
			return err
		}
		p, err := tx.Place(ctx, s.ID)
		if err != nil {
			return err
		}
		last, err := tx.ChainEnd(ctx)
		out = s.shown(d.Config, p, last, d.Now())
		return err
	})
	return out, err
}

func find(ctx context.Context, tx Tx, name string) (Subscription, error) {
	all, err := there(ctx, tx)
	if err != nil {
		return Subscription{}, err
	}
	at := slices.IndexFunc(all, func(s Subscription) bool { return s.ID == name || s.Name == name })
	if at < 0 {
		return Subscription{}, missing(name)
	}
	return all[at], nil
}

// Test posts a ping at once, whatever the state, and gives why it was not taken. It keeps nothing and changes nothing.
func (d *Desk) Test(ctx context.Context, name string) (why, err error) {
	c, err := d.keyed()
	if err != nil {
		return nil, err
	}
	var s Subscription
	err = d.Store.View(ctx, func(tx Tx) (err error) {
		s, err = find(ctx, tx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := d.Now()
	p, err := Event{Version: Version, ID: "ping_" + strings.ToLower(d.NewID()), Type: "ping", At: now}.post(now)
	if err != nil {
		return nil, err
	}
	_, why = s.hook(c, now).Do(ctx, p)
	return why, nil
}
