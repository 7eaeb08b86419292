package playbook

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/expr"
	"jobzero/internal/playbook/book"
)

// spent are the limits that are left for what is no crown jewel: a flood of decoys must not spend those of what matters most.
func (l Limits) spent(crown bool) Limits {
	if crown {
		return l
	}
	l.Minute = max(1, l.Minute-int(float64(l.Minute)*l.Reserve))
	l.Day = max(1, l.Day-int(float64(l.Day)*l.Reserve))
	return l
}

// weigh finds out what the brakes want to know of a step's effect. Whether something is a crown jewel has to be known for it to be one:
// otherwise what cannot be read would spend the reserve.
func (d *Director) weigh(ctx context.Context, k desk, step string) (weighed, error) {
	w := weighed{key: k.run.EffectKey(step)}
	text := d.config().Crown
	if text == "" {
		return w, nil
	}
	c, err := book.Compile(expr.Place{File: "playbooks.crown", Line: 1, Col: 1}, text)
	if err != nil {
		return w, err
	}
	scene, err := d.scene(ctx, k)
	if err != nil {
		return w, err
	}
	v, _ := c.Holds(scene)
	w.crown = v == expr.True
	return w, nil
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

// fewResources may be changed in an account in a day, whatever share of them that is.
const fewResources = 10

// share asks whether a playbook would change more of the resources of one kind in an account than it may in a day: what is wrong with a
// large part of a fleet is more often a rule that is wrong. Where nobody has counted the fleet the other limits have to do.
func (d *Director) share(ctx context.Context, tx Tx, k desk, most Limits) (hold, error) {
	if most.Share <= 0 || k.next.Resource == nil {
		return hold{}, nil
	}
	n, err := tx.CountEffects(ctx, k.run.Playbook, k.next.Account, d.now().Add(-24*time.Hour))
	if err != nil || n < fewResources {
		return hold{}, err
	}
	fleet, err := tx.Fleet(ctx, *k.next.Resource)
	if err != nil || fleet == 0 || float64(n) < most.Share*float64(fleet) {
		return hold{}, err
	}
	why := fmt.Sprintf("playbook %s has changed %d of %d resources of type %s in account %s within a day, and may change %.0f %% of them",
		k.run.Playbook, n, fleet, k.next.Resource.Type, k.next.Account, 100*most.Share)
	return hold{reason: why, forPerson: true}, nil
}
