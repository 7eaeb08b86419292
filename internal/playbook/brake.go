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
func (d *Director) check(ctx context.Context, tx Tx, k desk, about weighed) (hold, error) {
	now, c := d.now(), d.config()
	b, err := tx.Brake(ctx, EnforcementBrake)
	if err != nil {
		return hold{}, err
	}
	if b.On {
		return hold{reason: fmt.Sprintf("enforcement is stopped by %s: %s", b.By, b.Reason), until: now.Add(heldPause)}, nil
	}
	if d.facts.Freeze != nil && !k.def.Contains {
		if why, until, is := d.facts.Freeze(now); is {
			return hold{reason: fmt.Sprintf("changes are frozen until %s: %s", until.UTC().Format(time.RFC3339), why), until: until}, nil
		}
	}
	if k.ticket.TakenBack {
		return hold{reason: "a person has taken back a repair here: `jobzero ticket reopen` gives it to the software again", forPerson: true}, nil
	}
	inRun, err := tx.Effects(ctx, effect.Filter{Ticket: string(k.ticket.ID), Run: k.run.ID})
	if err != nil {
		return hold{}, err
	}
	if slices.ContainsFunc(inRun, func(e effect.Effect) bool { return e.Key == about.key }) {
		return hold{}, nil // planned again: it has its place in every limit
	}
	if len(inRun) >= c.Limits.Run {
		return hold{reason: fmt.Sprintf("the run has made %d effects, its limit", len(inRun)), forPerson: true}, nil
	}
	if h, err := d.canary(ctx, tx, k); err != nil || h.reason != "" {
		return h, err
	}
	if h, err := d.rate(ctx, tx, k, c.Limits.spent(about.crown)); err != nil || h.reason != "" {
		return h, err
	}
	return d.share(ctx, tx, k, c.Limits)
}

// weighed is what was found out about an effect before the transaction in which it begins.
type weighed struct {
	key   string
	crown bool // its target is a crown jewel
}

// contended reports whether the same thing has been repaired so often that something must be putting it back.
func (d *Director) contended(ctx context.Context, tx Tx, p effect.Plan) (int, bool, error) {
	loop := d.config().Loop
	if p.Outward { // nobody puts back what was said
		return 0, false, nil
	}
	past, err := tx.Effects(ctx, effect.Filter{Resource: p.Target.Ref.Key(), Since: d.now().Add(-loop.Within)})
	if err != nil {
		return 0, false, err
	}
	n := 0
	for _, e := range past {
		if e.Plan.Action == p.Action && e.State == effect.Done {
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
