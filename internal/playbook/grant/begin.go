package grant

import (
	"context"
	"fmt"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/glass"
	"jobzero/internal/playbook"
	"jobzero/internal/policy/timed"
)

// begin lets the time of an approved use run, unless something holds it. In plan mode it says what it would do.
func (k *Keeper) begin(ctx context.Context, u glass.Use) (next, error) {
	now := k.now()
	wait := next{again: earlier(now.Add(pause), u.By)}
	why, err := k.held(ctx, u.Account)
	if err != nil {
		return next{}, err
	}
	if why == "" {
		return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry { return entry{line: u.Begin(now)} })
	}
	if u.Held == why {
		return wait, nil
	}
	kind, would := "held", []effect.Plan(nil)
	if k.policy().ModeFor(u.Account) == glass.Plan {
		sketch := u
		sketch.Begin(now)
		kind = "plan"
		for _, name := range []string{glass.Fence, glass.Give} {
			p, err := k.plan(ctx, sketch, name)
			if err != nil {
				why = fmt.Sprintf("%s; %s cannot be planned: %v", why, name, err)
				continue
			}
			would = append(would, p)
		}
	}
	if u.Held == why {
		return wait, nil
	}
	_, err = k.commit(ctx, u, func(_ Tx, u *glass.Use) entry {
		u.Held, u.Would = why, would
		return entry{line: glass.Line{Kind: kind, Text: "Not granted: " + why}, data: would}
	})
	return wait, err
}

// held says why nothing may be granted in an account now; empty: it may.
func (k *Keeper) held(ctx context.Context, account string) (why string, err error) {
	err = k.store.View(ctx, func(tx Tx) error {
		why, err = k.brake(ctx, tx, account)
		return err
	})
	return why, err
}

// brake is asked in the transaction that begins a call, too.
func (k *Keeper) brake(ctx context.Context, tx Tx, account string) (string, error) {
	b, err := tx.Brake(ctx, playbook.EnforcementBrake)
	switch {
	case err != nil:
		return "", err
	case b.On:
		return fmt.Sprintf("enforcement is stopped by %s: %s", b.By, b.Reason), nil
	case k.policy().ModeFor(account) != glass.Enforce:
		return "break-glass may only plan in account " + account + ": the setting break_glass.enforce names the accounts where it grants", nil
	}
	return "", nil
}

// plan works out one step on a fresh read.
func (k *Keeper) plan(ctx context.Context, u glass.Use, name string) (effect.Plan, error) {
	t := effect.Target{Ref: u.Ref(), Params: map[string]string{"session": u.ID.Session()}}
	switch name {
	case glass.Fence:
		t.Params["from"] = u.Until.Format(timed.Stamp)
	case glass.Close:
		// Every session of the use was issued before its end, and none may be used from now on: also one that is issued while the
		// change of the trust policy is on its way through AWS.
		t.Params["issued-before"] = later(u.Until, k.now()).Add(time.Second).UTC().Format(timed.Stamp)
	default:
		t.Params["sid"], t.Params["principal"], t.Params["until"] = u.ID.Sid(), u.Principal, u.Until.Format(timed.Stamp)
		return k.hands.Plan(ctx, giveAction, t)
	}
	return k.hands.Plan(ctx, endAction, t)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
