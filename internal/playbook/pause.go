package playbook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/expr"
	"jobzero/internal/playbook/book"
)

// pollPause is how long a condition that is waited for is left alone. What comes to the ticket wakes it at once.
const pollPause = time.Minute

// beginWaiting begins a step that waits for a time, for something to happen, or for people. Where nothing may be changed nothing is waited for.
func (d *Director) beginWaiting(ctx context.Context, k desk, n *book.Node) (next, error) {
	s, now := k.run.step(n.ID), d.now()
	plans := k.run.Mode != Enforce
	switch n.Step.Kind() {
	case book.Waiting:
		if plans {
			return d.end(ctx, k, n, outcome{state: StepSkipped, text: "plan mode does not wait"})
		}
		s.State, s.Not = StepPausing, time.Time{}
		if n.Step.Wait.For > 0 {
			s.Not = now.Add(n.Step.Wait.For)
		}
		return d.record(ctx, k, note{kind: "step", text: "Step " + n.ID + " waits " + waitWords(n.Step.Wait)})
	case book.Approve:
		if plans {
			return d.end(ctx, k, n, outcome{state: StepPlanned, text: "would ask " + people(n.Step.Approval.Need()) + " whether to go on"})
		}
		return d.ask(ctx, k, n, Ask{Of: "go on with " + k.run.Playbook + " on " + about(*k.next)})
	default:
		if plans {
			return d.end(ctx, k, n, outcome{state: StepPlanned, text: "would ask a person: " + n.Step.Manual.Do})
		}
		s.State = StepTasked
		text := fmt.Sprintf("For a person: %s. `jobzero playbook done %s %s` when it is done", strings.TrimSuffix(n.Step.Manual.Do, "."), k.run.ID, n.ID)
		return d.record(ctx, k, note{kind: "task", text: text, why: "waits for a person: " + n.Step.Manual.Do})
	}
}

func waitWords(w *book.Wait) string {
	switch {
	case w.Until == "":
		return "for " + w.For.String()
	case w.For == 0:
		return "until " + w.Until
	}
	return "until " + w.Until + ", for " + w.For.String() + " at most"
}

// pause looks whether what a step waits for has come. That it did not come in time is an answer, and no failure: a timeout makes it one.
func (d *Director) pause(ctx context.Context, k desk, n *book.Node) (next, error) {
	s, now, w := k.run.step(n.ID), d.now(), n.Step.Wait
	over := !s.Not.IsZero() && !now.Before(s.Not)
	if w.Until == "" {
		if over {
			return d.end(ctx, k, n, outcome{state: StepDone, text: w.For.String() + " have passed"})
		}
		return next{again: sooner(s.Not, deadline(n, s))}, nil
	}
	scene, err := d.scene(ctx, k)
	if err != nil {
		return next{}, err
	}
	v, why := n.Of.Holds(n.Step.Place()+".wait.until", scene)
	switch {
	case v == expr.True:
		return d.end(ctx, k, n, outcome{state: StepDone, text: why, output: json.RawMessage(`{"came":true}`)})
	case over:
		text := "it did not come about within " + w.For.String() + ": " + why
		return d.end(ctx, k, n, outcome{state: StepDone, text: text, output: json.RawMessage(`{"came":false}`)})
	}
	return next{again: sooner(sooner(now.Add(pollPause), s.Not), deadline(n, s))}, nil
}
