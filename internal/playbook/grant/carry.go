package grant

import (
	"context"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/glass"
)

// give makes the two steps of a grant, and looks whether it holds.
func (k *Keeper) give(ctx context.Context, u glass.Use) (next, error) {
	for _, name := range []string{glass.Fence, glass.Give} {
		if s := u.Step(name); s == nil || s.State != effect.Done {
			return k.carry(ctx, u, name)
		}
	}
	sure, why, err := k.verified(ctx, u, map[string]bool{glass.Fence: true, glass.Give: true})
	if err != nil {
		return next{}, err
	}
	if !sure {
		return k.hold(ctx, u, "not seen yet: "+why, settling)
	}
	now := k.now()
	return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry { return entry{line: u.Given(now)} })
}

// end takes everything back, in plan mode and with the brake on too: it only takes rights away, and leaves nobody with more than a person
// has approved.
func (k *Keeper) end(ctx context.Context, u glass.Use) (next, error) {
	wanted := map[string]bool{glass.Close: true}
	names := []string{glass.Close}
	if u.Step(glass.Give) != nil {
		names, wanted[glass.Give] = append(names, glass.Take), false
	}
	for _, name := range names {
		if s := u.Step(name); s == nil || s.State != effect.Done {
			return k.carry(ctx, u, name)
		}
	}
	sure, why, err := k.verified(ctx, u, wanted)
	if err != nil {
		return next{}, err
	}
	if !sure {
		return k.hold(ctx, u, "the end is not seen yet: "+why, settling)
	}
	now := k.now()
	return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry { return entry{line: u.Finish(k.policy(), now)} })
}

// verified looks afresh whether steps hold, or hold no more, as they should.
func (k *Keeper) verified(ctx context.Context, u glass.Use, want map[string]bool) (sure bool, why string, err error) {
	for name, holds := range want {
		c, err := k.hands.Verify(ctx, u.Step(name).Plan)
		if err != nil {
			return false, "", err
		}
		if c.Unknown || c.Holds != holds {
			return false, c.Text, nil
		}
	}
	return true, "", nil
}

// hold says once why nothing goes on, and waits. An end that is late is said once more, as bad as that is.
func (k *Keeper) hold(ctx context.Context, u glass.Use, why string, wait time.Duration) (next, error) {
	out := next{again: k.now().Add(wait)}
	if u.State == glass.Granting {
		out.again = earlier(out.again, u.By)
	}
	worse := k.worse(u)
	if u.Held == why && worse == "" {
		return out, nil
	}
	_, err := k.commit(ctx, u, func(_ Tx, u *glass.Use) entry {
		u.Held, u.Alarm = why, u.Alarm || worse != ""
		return entry{line: glass.Line{Kind: "held", Text: "Held: " + why}, worse: worse}
	})
	return out, err
}

// worse is how bad it is that a use does not go on, where nobody has said so yet: somebody may have rights that nobody means him to have.
func (k *Keeper) worse(u glass.Use) finding.Severity {
	if u.Alarm || !u.Late(k.now()) {
		return ""
	}
	return finding.Critical
}

// carry makes one step: note its plan, note the attempt, make the calls, record what came of them. A process that dies in between finds the
// note and does it again; actions look before they call, so twice is once.
func (k *Keeper) carry(ctx context.Context, u glass.Use, name string) (next, error) {
	s := u.Step(name)
	if s == nil || s.State == effect.Failed {
		return k.draw(ctx, u, name)
	}
	why, err := k.attempt(ctx, u, name)
	if err != nil {
		return next{}, err
	}
	if why != "" {
		return k.hold(ctx, u, why, pause)
	}
	do := k.hands.Do
	if name == glass.Take {
		do = k.hands.Undo
	}
	plan := s.Plan
	plan.Target.Ticket = string(u.ID) // which is that of its ticket
	res, failed := do(ctx, plan)
	// The world may have changed: that is written down whatever becomes of this process's wish to go on.
	const recording = 10 * time.Second
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), recording)
	defer cancel()
	if err := k.record(keep, u, came{name, res, failed}); err != nil {
		return next{}, err
	}
	if failed != nil && !fault.Is(failed, fault.Conflict) {
		return next{again: k.now().Add(pause)}, nil
	}
	return next{more: true}, nil
}

// draw plans a step and notes it. Taking back goes by the plan of what was given.
func (k *Keeper) draw(ctx context.Context, u glass.Use, name string) (next, error) {
	var p effect.Plan
	var err error
	if name == glass.Take {
		p = u.Step(glass.Give).Plan
	} else if p, err = k.plan(ctx, u, name); err != nil {
		return k.hold(ctx, u, name+" cannot be planned: "+err.Error(), pause)
	}
	if p.Refused != "" {
		return k.hold(ctx, u, p.Refused, pause)
	}
	return k.commit(ctx, u, func(_ Tx, u *glass.Use) entry {
		s := u.Step(name)
		if s == nil {
			u.Steps = append(u.Steps, glass.Step{Name: name, Began: k.now()})
			s = u.Step(name)
		}
		s.State = effect.Doing
		if len(p.Calls) > 0 || len(s.Plan.Calls) == 0 { // a plan that finds its own lost calls made has nothing to undo them by
			s.Plan = p
		}
		u.Held = ""
		verb := "Doing "
		if name == glass.Take {
			verb = "Undoing "
		}
		return entry{line: glass.Line{Kind: "plan", Text: verb + p.Action + " on " + u.Role + " (" + name + ")"}, data: p}
	})
}
