package playbook

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
	"jobzero/internal/resource"
)

// planStep plans a waiting step on a fresh read, and begins its effect where that is allowed.
func (d *Director) planStep(ctx context.Context, k desk, n *book.Node) (next, error) {
	sight := Sight{Result: StillSo}
	if n.Step.Kind() == book.Action && !n.Step.Always {
		var err error
		if sight, err = d.glimpse(ctx, k, proof(k.def, *k.next)); err != nil {
			return next{}, fmt.Errorf("look at %s: %w", k.next.Resource, err)
		}
	}
	switch sight.Result {
	case NoMore: // also when the resource is gone, which no action could plan for
		return d.end(ctx, k, n, outcome{state: StepSkipped, text: sight.Text})
	case StillSo:
	default: // the next step often cuts deeper: not without knowing that it is needed
		return next{}, fault.New(fault.Unavailable, "cannot tell whether step %s is needed: %s", n.ID, sight.Text)
	}
	target, why, err := d.target(ctx, k, n)
	if err != nil {
		return next{}, err
	}
	if why != "" {
		return d.end(ctx, k, n, outcome{state: StepFailed, text: why})
	}
	if target.Effect, err = d.occasion(k, n, &target); err != nil {
		return next{}, err
	}
	maps.Copy(target.Params, sight.Params)
	plan, err := d.hands.Plan(ctx, n.Step.ActionID(), target)
	if err != nil {
		return d.unplanned(ctx, k, n, err)
	}
	k.run.step(n.ID).Plan = &plan
	return d.decide(ctx, k, n)
}

// unplanned deals with a step that cannot be planned.
func (d *Director) unplanned(ctx context.Context, k desk, n *book.Node, err error) (next, error) {
	if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
		return next{}, fault.Wrap(fault.Unavailable, err, "plan step %s", n.ID)
	}
	if n.Step.Outward() { // that nobody could be told is no reason to leave undone what else is to be done
		return d.end(ctx, k, n, outcome{state: StepFailed, text: err.Error()})
	}
	if k.glance.forget() { // the world may have changed since it was seen: a look tells, such as that it is gone
		return next{more: true}, nil
	}
	return d.abandon(ctx, k, fmt.Sprintf("step %s cannot be planned: %v", n.ID, err), nil)
}

// target is what the step's action is done to, and with what. Why says why that cannot be said.
func (d *Director) target(ctx context.Context, k desk, n *book.Node) (t effect.Target, why string, err error) {
	t.Params = maps.Clone(n.Step.Params)
	if t.Params == nil {
		t.Params = map[string]string{}
	}
	switch {
	case k.next.Resource != nil:
		t.Ref = *k.next.Resource
	case n.Step.Outward(): // which need no resource, but may have to know where
		t.Ref = resource.Ref{Account: k.next.Account, Region: k.next.Region}
	}
	if !n.Step.Asks() {
		return t, "", nil
	}
	scene, err := d.scene(ctx, k)
	if err != nil {
		return t, "", err
	}
	if on := n.Step.On; on != nil {
		t.Ref = resource.Ref{Type: resource.Type(on.Type), Account: k.next.Account}
		for _, f := range []struct {
			name, source string
			into         *string
		}{{"id", on.ID, &t.Ref.ID}, {"account", on.Account, &t.Ref.Account}, {"region", on.Region, &t.Ref.Region}} {
			if f.source == "" {
				continue
			}
			if *f.into, why = n.Of.Says(n.Step.Place()+".on."+f.name, scene); why != "" {
				return t, "on what is not known: " + why, nil
			}
		}
	}
	more, why, err := inputs(n, scene)
	maps.Copy(t.Params, more)
	return t, why, err
}

// inputs are what the step's expressions say.
func inputs(n *book.Node, scene book.Scene) (out map[string]string, why string, err error) {
	s, at := n.Step, n.Step.Place()
	switch s.Kind() {
	case book.Tell:
		return map[string]string{"to": s.Notify.To, "say": n.Of.Fill(s, scene)}, "", nil
	case book.Hook:
		body, why := n.Of.Table(at+".webhook.body", s.Webhook.Body, scene)
		return object(map[string]string{"name": s.Webhook.Name}, "body", body, why)
	case book.Function:
		payload, why := n.Of.Table(at+".lambda.payload", s.Lambda.Payload, scene)
		return object(map[string]string{"function": s.Lambda.Function}, "payload", payload, why)
	case book.Script:
		params, why := n.Of.Table(at+".document.params", s.Document.Params, scene)
		return object(map[string]string{"document": s.Document.Name}, "parameters", params, why)
	default:
		out, why = n.Of.Table(at+".with", s.With, scene)
		return out, why, nil
	}
}

// object adds a parameter that is JSON.
func object(out map[string]string, name string, fields map[string]string, why string) (map[string]string, string, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, "", fault.Wrap(fault.Internal, err, "write %s", name)
	}
	out[name] = string(text)
	return out, why, nil
}

// decide does with a step's plan what is allowed. A run that began when the playbook might act does not act any more when it
// may only plan now.
func (d *Director) decide(ctx context.Context, k desk, n *book.Node) (next, error) {
	step := k.run.step(n.ID)
	plan := *step.Plan
	switch {
	case plan.Refused != "" && n.Step.Outward():
		return d.end(ctx, k, n, outcome{state: StepFailed, text: plan.Refused})
	case plan.Refused != "":
		return d.abandon(ctx, k, fmt.Sprintf("step %s is not for software: %s", step.ID, plan.Refused), plan)
	case len(plan.Calls) == 0:
		step.State, step.Note = StepSkipped, plan.Nothing
		return d.record(ctx, k, note{kind: "skipped", text: fmt.Sprintf("Step %s has nothing to do: %s", step.ID, plan.Nothing)})
	case k.run.Mode != Enforce || d.config().ModeFor(k.run.Playbook, k.next.Account) != Enforce:
		step.State = StepPlanned
		return d.record(ctx, k, note{kind: "plan", text: "Plan mode. Would do: " + Words(plan), data: plan})
	}
	g, err := d.guarded(ctx, k, k.def)
	switch {
	case err != nil:
		return next{}, err
	case g.held:
		return d.hold(ctx, k, g)
	case n.Step.Approve != nil:
		return d.agreed(ctx, k, n)
	default:
		return d.beginEffect(ctx, k, n.ID)
	}
}

// about says what a finding is about, for people.
func about(f finding.Finding) string {
	switch {
	case f.Resource != nil:
		return f.Resource.String()
	case f.Principal != "":
		return f.Principal
	}
	return f.Title
}
