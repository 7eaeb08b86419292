package playbook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/playbook/book"
	"jobzero/internal/ticket"
)

// carryOn deals with the next steps of a run: several, where branches go on at the same time. What waits in one does not hold up the
// others.
func (d *Director) carryOn(ctx context.Context, k desk) (next, error) {
	if n, err := d.failures(ctx, k); err != nil || n.more {
		return n, err
	}
	ready := book.Ready(k.tree, k.run.progress)
	if len(ready) == 0 {
		return d.stepsDone(ctx, k)
	}
	var (
		wake time.Time
		bad  []error
	)
	for _, n := range ready {
		own := k.copied() // what did not get into the store must not get there with the next branch
		own.within = n.ID[:strings.LastIndexByte(n.ID, '.')+1]
		did, err := d.stepOn(ctx, own, n)
		switch {
		case errors.Is(err, errMoved) || did.more:
			return did, err
		case err != nil:
			bad = append(bad, err)
		default:
			wake = sooner(wake, did.again)
		}
	}
	return next{again: wake}, errors.Join(bad...)
}

// copied is a desk with a copy of the run, to work on.
func (k desk) copied() desk {
	r := *k.run
	r.Steps = slices.Clone(r.Steps)
	for i, s := range r.Steps {
		if s.Ask != nil {
			q := *s.Ask
			r.Steps[i].Ask = &q
		}
	}
	k.run = &r
	return k
}

// sooner is the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// failures does what is to follow on a step that failed: to try again, to take back, to leave the rest to a person. Where nothing is
// said the next step is tried: a denied smallest cut must not leave open what a deeper one closes.
func (d *Director) failures(ctx context.Context, k desk) (next, error) {
	for _, n := range book.Every(k.tree) {
		s := k.run.step(n.ID)
		if s.State != StepFailed {
			continue
		}
		if r := n.Step.Retry; r != nil && s.Failed < r.Times && (s.Ask == nil || s.Ask.No == nil) {
			s.Failed++
			s.State, s.Plan, s.Ask, s.Not = StepWaiting, nil, nil, d.now().Add(r.After(s.Failed, d.chance()))
			text := fmt.Sprintf("Step %s is tried again (%d of %d) at %s: %s", n.ID, s.Failed, r.Times, s.Not.UTC().Format(time.TimeOnly), s.Note)
			return d.record(ctx, k, note{kind: "retry", text: text})
		}
		why := fmt.Sprintf("step %s did not work: %s", n.ID, s.Note)
		switch n.Of.Fails(n.Step) {
		case book.Stop:
			return d.abandon(ctx, k, why, nil)
		case book.Undo:
			return d.takeBack(ctx, k, why)
		default:
		}
	}
	return next{}, nil
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
func (d *Director) stepsDone(ctx context.Context, k desk) (next, error) {
	var planned, failed []string
	done := false
	for _, s := range k.run.Steps {
		switch s.State {
		case StepPlanned:
			planned = append(planned, s.would())
		case StepFailed:
			failed = append(failed, fmt.Sprintf("step %s did not work: %s", s.ID, s.Note))
		case StepDone:
			done = done || s.Plan != nil && !s.Plan.Outward
		default:
		}
	}
	if len(failed) > 0 && !done && len(planned) == 0 {
		return d.abandon(ctx, k, strings.Join(failed, "; "), nil)
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
		if slices.ContainsFunc(k.run.Steps, func(s Step) bool { return s.State == StepDone && s.Plan != nil }) {
			changed = "Nothing more was changed; " // the playbook was turned to plan mode on the way
		}
		return d.write(ctx, tx, t, note{kind: "planned", text: changed + reason})
	})
}

// would says what a step that was only planned would have done.
func (s Step) would() string {
	if s.Plan == nil {
		return s.Note
	}
	return Words(*s.Plan)
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
