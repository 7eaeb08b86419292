package playbook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// How long a condition that is waited for is left alone: a thousandth of the whole time, within these. What comes to the ticket wakes it at once.
const (
	pollPause    = time.Minute
	longestPause = 10 * time.Minute
)

func pollAfter(w *book.Wait) time.Duration { return min(max(w.For/1000, pollPause), longestPause) }

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
	case w.Unless != "":
		return "for " + w.For.String() + ", unless " + w.Unless
	case w.Until == "":
		return "for " + w.For.String()
	case w.For == 0:
		return "until " + w.Until
	}
	return "until " + w.Until + ", for " + w.For.String() + " at most"
}

// pause looks whether what a step waits for has come. That it did not come in time is an answer, and no failure: a timeout makes it one. What it
// waits for not to come fails it, and so does not knowing that until the end.
func (d *Director) pause(ctx context.Context, k desk, n *book.Node) (next, error) {
	s, now, w := k.run.step(n.ID), d.now(), n.Step.Wait
	over := !s.Not.IsZero() && !now.Before(s.Not)
	if w.Until == "" && w.Unless == "" {
		if over {
			return d.end(ctx, k, n, outcome{state: StepDone, text: w.For.String() + " have passed"})
		}
		return next{again: sooner(s.Not, deadline(n, s))}, nil
	}
	read, _, err := d.readSome(ctx, k, w.Gather)
	if err != nil {
		return next{}, err
	}
	if s.Output, err = json.Marshal(read); err != nil { // on the desk, for the condition; kept when the step ends
		return next{}, fault.Wrap(fault.Internal, err, "keep what was gathered")
	}
	scene, err := d.scene(ctx, k)
	if err != nil {
		return next{}, err
	}
	end := func(state StepState, came, text string) (next, error) {
		read["came"] = json.RawMessage(came)
		data, err := json.Marshal(read)
		if err != nil {
			return next{}, fault.Wrap(fault.Internal, err, "keep what was waited for")
		}
		return d.end(ctx, k, n, outcome{state: state, text: text, output: data})
	}
	if w.Unless != "" {
		switch v, why := n.Of.Holds(n.Step.Place()+".wait.unless", scene); {
		case v == expr.True:
			return end(StepFailed, "true", why)
		case over && v == expr.Unknown:
			return end(StepFailed, "null", "after "+w.For.String()+" nobody knows: "+why)
		case over:
			return end(StepDone, "false", w.For.String()+" have passed: "+why)
		}
	} else {
		switch v, why := n.Of.Holds(n.Step.Place()+".wait.until", scene); {
		case v == expr.True:
			return end(StepDone, "true", why)
		case over:
			return end(StepDone, "false", "it did not come about within "+w.For.String()+": "+why)
		}
	}
	return next{again: sooner(sooner(now.Add(pollAfter(w)), s.Not), deadline(n, s))}, nil
}
