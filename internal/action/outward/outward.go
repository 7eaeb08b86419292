package outward

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Letter is what would be sent.
type Letter struct {
	Call    effect.Call
	Words   string   // for people, in full
	To      []string // who gets it
	Refused string   // why it must not be sent
}

// Of is an action that sends something.
type Of struct {
	About action.Info
	// Write says what would be sent. It reads nothing of AWS: Do writes again, and sends only what comes out the same.
	Write func(t effect.Target) (Letter, error)
	// Find completes the target, and looks whether there is anybody to send to; nil: nobody needs to look.
	Find func(ctx context.Context, cfg aws.Config, t effect.Target) (effect.Target, error)
	// Send sends it. What nobody took must be told from what nobody may send again: Unavailable is tried once more, all else is for a person.
	Send func(ctx context.Context, cfg aws.Config, p effect.Plan) (effect.Result, error)
	// Look sees what came of it; nil: the answer was all there is.
	Look func(ctx context.Context, cfg aws.Config, p effect.Plan) (effect.Check, error)
}

// Info describes the action.
func (o Of) Info() action.Info {
	i := o.About
	i.Undo, i.Outward = effect.None, true
	i.Params = append(append([]action.Param(nil), i.Params...), action.Param{Name: effect.AboutParam, Text: "what it is about, as JSON: ticket, run, step, playbook and finding; a playbook's run fills it in"})
	return i
}

// Plan says what would be sent. It sends nothing.
func (o Of) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	if o.Find != nil {
		var err error
		if t, err = o.Find(ctx, s.Reader, t); err != nil {
			return effect.Plan{}, err
		}
	}
	l, err := o.Write(t)
	if err != nil {
		return effect.Plan{}, err
	}
	p := effect.Plan{Action: o.About.ID, Target: t, Undo: effect.None, Outward: true, Diff: l.Words, Refused: l.Refused}
	if l.Refused == "" {
		p.Calls = []effect.Call{l.Call}
	}
	return p, nil
}

// Do sends it. After a process that died, nobody knows whether it was sent: it is sent again, under the same name.
func (o Of) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	l, err := o.Write(p.Target)
	switch {
	case err != nil:
		return effect.Result{}, err
	case l.Refused != "":
		return effect.Result{}, fault.New(fault.Denied, "%s: %s", p.Action, l.Refused)
	case p.Target.Effect == "":
		return effect.Result{}, fault.New(fault.Invalid, "the plan of %s does not name its occasion, so that a repetition could not be told: only a run sends it", p.Action)
	}
	if _, err := action.Exactly(p, l.Call); err != nil {
		return effect.Result{}, err
	}
	r, err := o.Send(ctx, s.Responder, p)
	if err != nil {
		return effect.Result{}, err
	}
	r.Calls = 1
	return r, nil
}

// Verify says what came of it.
func (o Of) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	if len(p.Gave) == 0 {
		return effect.Check{Text: "nothing has been sent"}, nil
	}
	if o.Look == nil {
		return effect.Check{Holds: true, Text: "it was taken: " + string(p.Gave), Output: p.Gave}, nil
	}
	return o.Look(ctx, s.Reader, p)
}

// Undo says that nothing takes back what was said.
func (o Of) Undo(context.Context, action.Session, effect.Plan) (effect.Result, error) {
	return effect.Result{}, fault.New(fault.Denied, "%s cannot be undone: nothing takes back what was sent", o.About.ID)
}
