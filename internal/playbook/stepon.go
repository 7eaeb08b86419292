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

// stepOn makes one transition of one step at which something may happen now.
func (d *Director) stepOn(ctx context.Context, k desk, n *book.Node) (next, error) {
	s := k.run.step(n.ID)
	if late(n, s, d.now()) {
		return d.tooLate(ctx, k, n)
	}
	switch s.State {
	case StepWaiting:
		if d.now().Before(s.Not) {
			return next{again: s.Not}, nil
		}
		return d.beginStep(ctx, k, n)
	case StepInside:
		return d.end(ctx, k, n, outcome{state: StepDone, text: "all of it is over"})
	case StepPausing:
		return d.pause(ctx, k, n)
	case StepAsking:
		return d.asked(ctx, k, n)
	case StepGoing:
		return d.follow(ctx, k, n)
	default: // the action leg has it, or a person: they wake us
		return next{again: deadline(n, s)}, nil
	}
}

// deadline is when a step that has begun has taken too long; zero: it may take as long as it likes.
func deadline(n *book.Node, s *Step) time.Time {
	most := n.Step.Timeout
	if m := n.Step.Manual; m != nil && m.Within > 0 && (most == 0 || m.Within < most) {
		most = m.Within
	}
	if s.Began.IsZero() || most == 0 {
		return time.Time{}
	}
	return s.Began.Add(most)
}

func late(n *book.Node, s *Step, now time.Time) bool {
	at := deadline(n, s)
	return !at.IsZero() && !now.Before(at)
}

// tooLate fails a step that has taken too long. An effect that has begun may still come about: its action leg finds the step failed and
// writes down what was done all the same.
func (d *Director) tooLate(ctx context.Context, k desk, n *book.Node) (next, error) {
	s := k.run.step(n.ID)
	return d.end(ctx, k, n, outcome{state: StepFailed, text: "it took longer than " + deadline(n, s).Sub(s.Began).String()})
}

// beginStep begins a step, unless its condition says that it is not for now.
func (d *Director) beginStep(ctx context.Context, k desk, n *book.Node) (next, error) {
	if s := k.run.step(n.ID); s.Began.IsZero() {
		s.Began = d.now()
	}
	if n.Step.If != "" {
		scene, err := d.scene(ctx, k)
		if err != nil {
			return next{}, err
		}
		switch v, why := n.Of.Holds(n.Step.Place()+".if", scene); v {
		case expr.True:
		case expr.False:
			return d.end(ctx, k, n, outcome{state: StepSkipped, text: why})
		default:
			return d.end(ctx, k, n, outcome{state: StepFailed, text: why})
		}
	}
	switch n.Step.Kind() {
	case book.Gather:
		return d.gatherStep(ctx, k, n)
	case book.Decide:
		return d.decideStep(ctx, k, n)
	case book.Parallel, book.Other:
		return d.enter(ctx, k, n, 0)
	case book.Waiting, book.Approve, book.Task:
		return d.beginWaiting(ctx, k, n)
	default:
		return d.planStep(ctx, k, n)
	}
}

// enter begins a step with steps in it.
func (d *Director) enter(ctx context.Context, k desk, n *book.Node, branch int) (next, error) {
	s := k.run.step(n.ID)
	s.State, s.Branch = StepInside, branch
	return d.record(ctx, k, note{kind: "step", text: fmt.Sprintf("Step %s begins: %s", n.ID, n.Step.Kind())})
}

// decideStep takes the first branch whose condition holds. One of which nobody knows is no reason to take a later one.
func (d *Director) decideStep(ctx context.Context, k desk, n *book.Node) (next, error) {
	scene, err := d.scene(ctx, k)
	if err != nil {
		return next{}, err
	}
	s := k.run.step(n.ID)
	for i, b := range n.Step.Decide {
		v, why := n.Of.Holds(fmt.Sprintf("%s.decide[%d].if", n.Step.Place(), i), scene)
		if v == expr.Unknown {
			return d.end(ctx, k, n, outcome{state: StepFailed, text: why})
		}
		if v == expr.False {
			continue
		}
		if b.If == "" {
			why = "none of the other conditions holds"
		}
		s.State, s.Branch, s.Note = StepInside, i+1, why
		return d.record(ctx, k, note{kind: "decided", text: fmt.Sprintf("Step %s takes branch %d: %s", n.ID, i+1, why)})
	}
	return d.end(ctx, k, n, outcome{state: StepDone, text: "no condition holds: nothing is done"})
}

// gatherStep reads more. What cannot be read is said, and stops nothing by itself.
func (d *Director) gatherStep(ctx context.Context, k desk, n *book.Node) (next, error) {
	if d.gather == nil {
		return d.end(ctx, k, n, outcome{state: StepFailed, text: "nobody gathers anything here"})
	}
	out, words, err := d.readSome(ctx, k, n.Step.Gather)
	if err != nil {
		return next{}, err
	}
	data, err := json.Marshal(out)
	if err != nil {
		return next{}, fault.Wrap(fault.Internal, err, "keep what was gathered")
	}
	return d.end(ctx, k, n, outcome{state: StepDone, text: strings.Join(words, "; "), output: data, kind: "evidence"})
}

// readSome gathers, by the words of book.Gatherers. What cannot be known is null, with the reason in words.
func (d *Director) readSome(ctx context.Context, k desk, what []string) (out map[string]json.RawMessage, words []string, err error) {
	out = map[string]json.RawMessage{}
	for _, one := range what {
		if d.gather == nil {
			return nil, nil, fault.New(fault.Internal, "nobody gathers anything here")
		}
		got, err := d.gather(ctx, one, *k.next)
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return nil, nil, fault.Wrap(fault.Unavailable, err, "gather %s", one)
		}
		if err != nil {
			got = Gathered{Text: "not known: " + err.Error()}
		}
		if got.Data == nil {
			got.Data = json.RawMessage("null")
		}
		out[one] = got.Data
		words = append(words, one+": "+got.Text)
	}
	return out, words, nil
}

// outcome is how a step ends.
type outcome struct {
	state  StepState
	text   string
	output json.RawMessage
	kind   string // of the line on the timeline
}

// end ends a step.
func (d *Director) end(ctx context.Context, k desk, n *book.Node, o outcome) (next, error) {
	s := k.run.step(n.ID)
	s.State, s.Note, s.Output, s.Ended = o.state, o.text, o.output, d.now()
	if o.kind == "" {
		o.kind = map[StepState]string{StepSkipped: "skipped", StepFailed: "failed", StepPlanned: "plan", StepDone: "step"}[o.state]
	}
	words := map[StepState]string{
		StepSkipped: "Step %s is left out: %s", StepFailed: "Step %s did not work: %s", StepPlanned: "Plan mode. Step %s: %s", StepDone: "Step %s: %s",
	}[o.state]
	return d.record(ctx, k, note{kind: o.kind, text: fmt.Sprintf(words, n.ID, o.text), data: o.output})
}
