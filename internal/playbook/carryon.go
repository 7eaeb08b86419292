package playbook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// carryOn deals with the next step of a run. A step that did not work does not keep the next one from being tried: a denied
// smallest cut must not leave open what a deeper one closes. When nothing came of any of them a person gets it.
func (d *Director) carryOn(ctx context.Context, k desk) (next, error) {
	var failed []string
	done := false
	for i, s := range k.run.Steps {
		switch s.State {
		case StepDoing: // the action leg has it and wakes us
			return next{}, nil
		case StepWaiting:
			return d.planStep(ctx, k, i, k.def.Steps[i])
		case StepFailed:
			failed = append(failed, fmt.Sprintf("step %s did not work: %s", s.ID, s.Note))
		case StepDone, StepPlanned:
			done = true
		default:
		}
	}
	if len(failed) > 0 && !done {
		return d.abandon(ctx, k, strings.Join(failed, "; "), nil)
	}
	return d.stepsDone(ctx, k, failed)
}

// planStep plans a waiting step on a fresh read, and begins its effect where that is allowed.
func (d *Director) planStep(ctx context.Context, k desk, i int, s StepDefinition) (next, error) {
	sight, err := d.glimpse(ctx, k, k.def.Proof(*k.next))
	if err != nil {
		return next{}, fmt.Errorf("look at %s: %w", k.next.Resource, err)
	}
	step := &k.run.Steps[i]
	switch sight.Result {
	case NoMore: // also when the resource is gone, which no action could plan for
		step.State, step.Note = StepSkipped, sight.Text
		return d.record(ctx, k, note{kind: "skipped", text: fmt.Sprintf("Step %s is not needed: %s", s.ID, sight.Text)})
	case StillSo:
	default: // the next step often cuts deeper: not without knowing that it is needed
		return next{}, fault.New(fault.Unavailable, "cannot tell whether step %s is needed: %s", s.ID, sight.Text)
	}
	plan, err := d.hands.Plan(ctx, s.Action, effect.Target{Ref: *k.next.Resource, Params: maps.Clone(s.Params), Known: sight.Params})
	if err != nil {
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return next{}, fault.Wrap(fault.Unavailable, err, "plan step %s", s.ID)
		}
		if k.glance.forget() { // the world may have changed since it was seen: a look tells, such as that it is gone
			return next{more: true}, nil
		}
		return d.abandon(ctx, k, fmt.Sprintf("step %s cannot be planned: %v", s.ID, err), nil)
	}
	step.Plan = &plan
	return d.decide(ctx, k, i)
}

// decide does with a step's plan what is allowed. A run that began when the playbook might act does not act any more when it
// may only plan now.
func (d *Director) decide(ctx context.Context, k desk, i int) (next, error) {
	step := &k.run.Steps[i]
	plan := *step.Plan
	switch {
	case plan.Refused != "":
		return d.abandon(ctx, k, fmt.Sprintf("step %s is not for software: %s", step.ID, plan.Refused), plan)
	case len(plan.Calls) == 0:
		step.State, step.Note = StepSkipped, plan.Nothing
		return d.record(ctx, k, note{kind: "skipped", text: fmt.Sprintf("Step %s has nothing to do: %s", step.ID, plan.Nothing)})
	case k.run.Mode != Enforce || d.config().ModeFor(k.run.Playbook, k.next.Account) != Enforce:
		step.State = StepPlanned
		return d.record(ctx, k, note{kind: "plan", text: "Plan mode. Would do: " + Words(plan), data: plan})
	default:
		return d.beginEffect(ctx, k, i)
	}
}

// record saves the run with a line on the timeline.
func (d *Director) record(ctx context.Context, k desk, n note) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		if err := tx.SaveRun(ctx, *k.run); err != nil {
			return err
		}
		return d.write(ctx, tx, t, n)
	})
}

// stepsDone ends the acting part of a run: to verifying when something was done, to a person otherwise.
func (d *Director) stepsDone(ctx context.Context, k desk, failed []string) (next, error) {
	var planned []string
	for _, s := range k.run.Steps {
		if s.State == StepPlanned {
			planned = append(planned, Words(*s.Plan))
		}
	}
	if len(planned) > 0 {
		would := "plan mode: would do " + strings.Join(planned, "; then, if it is still so, ")
		return d.endPlanned(ctx, k, strings.Join(append(failed, would), "; "))
	}
	// Steps that had nothing to do are verified too: the fresh reads say whether the finding is settled or a person is needed.
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		now, c := d.now(), d.config()
		k.run.State, k.run.Until, k.run.Deadline = Verifying, now.Add(c.Settle), now.Add(c.GiveUp)
		if err := tx.SaveRun(ctx, *k.run); err != nil {
			return err
		}
		if err := t.Move(ticket.Verifying, "reading again until "+k.run.Until.UTC().Format("15:04:05"), now); err != nil {
			return err
		}
		return d.write(ctx, tx, t, note{kind: "state", text: fmt.Sprintf("Verifying with fresh reads over %s", c.Settle)})
	})
}

func (d *Director) endPlanned(ctx context.Context, k desk, reason string) (next, error) {
	return d.commit(ctx, k, func(tx Tx, t *ticket.Ticket) error {
		k.run.State, k.run.Reason, k.run.Ended = Planned, reason, d.now()
		if err := tx.SaveRun(ctx, *k.run); err != nil {
			return err
		}
		if err := d.giveUp(ctx, tx, k.next.Fingerprint, reason); err != nil {
			return err
		}
		changed := "Nothing was changed; "
		if slices.ContainsFunc(k.run.Steps, func(s Step) bool { return s.State == StepDone }) {
			changed = "Nothing more was changed; " // the playbook was turned to plan mode on the way
		}
		return d.write(ctx, tx, t, note{kind: "planned", text: changed + reason})
	})
}

// Words says a plan in one line.
func Words(p effect.Plan) string {
	calls := make([]string, 0, len(p.Calls))
	for _, c := range p.Calls {
		calls = append(calls, c.Permission+" on "+c.Resource)
	}
	loses := "nobody known"
	if len(p.Loses) > 0 {
		loses = strings.Join(p.Loses, ", ")
	}
	return fmt.Sprintf("%s: %s (undo: %s; loses access: %s)", p.Action, strings.Join(calls, ", "), p.Undo, loses)
}
