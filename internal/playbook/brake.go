package playbook

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/ticket"
)

// EnforcementBrake is the name of the kill switch: while it is on, no effect begins and none that has begun makes a call.
const EnforcementBrake = "enforcement"

// heldPause is how long a held run waits before it looks again; letting go of the brake wakes it at once. Each look reads the
// resource, so a thousand held tickets must not look often.
const heldPause = time.Minute

// hold says why an effect may not begin now. An empty reason lets it begin. When forPerson is set, waiting will not help.
type hold struct {
	reason    string
	forPerson bool
	until     time.Time
}

// check asks all brakes, in the transaction in which the effect begins, so that two replicas cannot both take the last place.
func (d *Director) check(ctx context.Context, tx Tx, k desk, key string) (hold, error) {
	now, c := d.now(), d.config()
	b, err := tx.Brake(ctx, EnforcementBrake)
	if err != nil {
		return hold{}, err
	}
	if b.On {
		return hold{reason: fmt.Sprintf("enforcement is stopped by %s: %s", b.By, b.Reason), until: now.Add(heldPause)}, nil
	}
	if k.ticket.TakenBack {
		return hold{reason: "a person has taken back a repair here: `jobzero ticket reopen` gives it to the software again", forPerson: true}, nil
	}
	inRun, err := tx.Effects(ctx, effect.Filter{Ticket: string(k.ticket.ID), Run: k.run.ID})
	if err != nil {
		return hold{}, err
	}
	if slices.ContainsFunc(inRun, func(e effect.Effect) bool { return e.Key == key }) {
		return hold{}, nil // planned again: it has its place in every limit
	}
	if len(inRun) >= c.Limits.Run {
		return hold{reason: fmt.Sprintf("the run has made %d effects, its limit", len(inRun)), forPerson: true}, nil
	}
	return d.rate(ctx, tx, k, c.Limits)
}

// rate asks the limits of a playbook in an account. What is over the minute's waits until a place is free; over the day's it
// is for a person.
func (d *Director) rate(ctx context.Context, tx Tx, k desk, most Limits) (hold, error) {
	now, p, a := d.now(), k.run.Playbook, k.next.Account
	said := func(n int, span string) string {
		return fmt.Sprintf("playbook %s has made %d effects in account %s within a %s, its limit", p, n, a, span)
	}
	n, err := tx.CountEffects(ctx, p, a, now.Add(-24*time.Hour))
	if err != nil {
		return hold{}, err
	}
	if n >= most.Day {
		return hold{reason: said(n, "day"), forPerson: true}, nil
	}
	if n, err = tx.CountEffects(ctx, p, a, now.Add(-time.Minute)); err != nil || n < most.Minute {
		return hold{}, err
	}
	last, err := tx.Effects(ctx, effect.Filter{Playbook: p, Account: a, Since: now.Add(-time.Minute), Limit: most.Minute})
	if err != nil || len(last) == 0 {
		return hold{reason: said(n, "minute"), until: now.Add(time.Minute)}, err
	}
	free := last[len(last)-1].Began.Add(time.Minute + time.Millisecond) // they come last begun first
	return hold{reason: said(n, "minute"), until: free}, nil
}

// contended reports whether the same thing has been repaired so often that something must be putting it back.
func (d *Director) contended(ctx context.Context, tx Tx, k desk, action string) (int, bool, error) {
	loop := d.config().Loop
	past, err := tx.Effects(ctx, effect.Filter{Resource: k.next.Resource.Key(), Since: d.now().Add(-loop.Within)})
	if err != nil {
		return 0, false, err
	}
	n := 0
	for _, e := range past {
		if e.Plan.Action == action && e.State == effect.Done {
			n++
		}
	}
	return n, n >= loop.Times, nil
}

// Order is what a person asks of the brakes or of an effect.
type Order struct {
	Person string
	Reason string
}

// StopEnforcing puts the kill switch on. It is kept in the store: a restart does not let go of it.
func StopEnforcing(ctx context.Context, s Store, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		return tx.SetBrake(ctx, effect.Brake{Name: EnforcementBrake, On: true, By: o.Person, Reason: o.Reason, At: now})
	})
}

// ResumeEnforcing lets go of the kill switch and wakes every ticket that was held.
func ResumeEnforcing(ctx context.Context, s Store, o Order, now time.Time) error {
	return s.Update(ctx, func(tx Tx) error {
		b := effect.Brake{Name: EnforcementBrake, By: o.Person, Reason: o.Reason, At: now}
		if err := tx.SetBrake(ctx, b); err != nil {
			return err
		}
		held, err := tx.Tickets(ctx, ticket.Filter{States: []ticket.State{ticket.Investigating, ticket.Remediating}})
		if err != nil {
			return err
		}
		for _, t := range held {
			if err := tx.Enqueue(ctx, Leg, string(t.ID), now); err != nil {
				return err
			}
		}
		begun, err := tx.Effects(ctx, effect.Filter{States: []effect.State{effect.Doing}})
		if err != nil {
			return err
		}
		for _, e := range begun {
			if err := tx.Enqueue(ctx, NextDoor, e.Key, now); err != nil {
				return err
			}
		}
		return nil
	})
}
