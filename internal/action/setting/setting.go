package setting

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// ErrGone is what Look gives, wrapped or not, of a target that does not exist.
var ErrGone = errors.New("it does not exist any more")

// Gone is ErrGone of something that has a name for people, such as "the user".
func Gone(what string) error { return gone(what) }

type gone string

func (g gone) Error() string { return string(g) + " does not exist any more" }

// Is makes it ErrGone.
func (gone) Is(target error) bool { return target == ErrGone }

// goneText says in words that the target does not exist.
func goneText(err error) string {
	if g, ok := errors.AsType[gone](err); ok {
		return g.Error()
	}
	return ErrGone.Error()
}

// Of describes an action on targets that have a state V. V holds all that the action reads to decide, changes and restores, such as
// who exactly the target is (a user's number, an ARN with its path): it is kept in the plan, and what differs from it at the time of
// doing is a world that has moved on. V goes through JSON and back, so its fields are exported and nothing in it is an interface.
type Of[V any] struct {
	About action.Info
	// Find, where it is set, completes the target, such as by the region of a bucket.
	Find func(ctx context.Context, cfg aws.Config, t effect.Target) (effect.Target, error)
	// Look reads the state afresh, with the reader. What it cannot see is an error and never a zero value.
	Look func(ctx context.Context, cfg aws.Config, t effect.Target) (V, error)
	// Goal says what the state shall be. It is pure: the same target and state give the same goal.
	Goal func(t effect.Target, now V) (Goal[V], error)
	// Calls are those that lead from one state to another, in order; none, when the one is as good as the other. It is pure. Each call
	// does its part whatever the others did, so that the rest can be made after some were.
	Calls func(t effect.Target, from, to V) ([]effect.Call, error)
	// Same, where it is set, compares two states: for what AWS gives back in another way than it was put, such as a policy's white
	// space or the ID of what was made again.
	Same func(a, b V) bool
	// Slow is set where AWS goes on after it has answered: doing and undoing then wait a while until it can be seen.
	Slow bool
	// Send makes one of the calls.
	Send func(ctx context.Context, cfg aws.Config, call effect.Call) error
	// Guard, where it is set, says why software must not act here, from more than the state: it may read. It is asked before the plan
	// and again before the calls.
	Guard func(ctx context.Context, s action.Session, t effect.Target) (refused string, err error)
	// Loses names who would lose access, as far as can be known. Nil: what the goal says.
	Loses func(ctx context.Context, cfg aws.Config, t effect.Target, now V) ([]string, error)
	// Cost, where AWS bills for the goal, is an estimate.
	Cost func(ctx context.Context, cfg aws.Config, t effect.Target, now V) (*effect.Cost, error)
}

// Goal is what the state of a target shall be, or why it is not for us to make it so.
type Goal[V any] struct {
	To      V
	Met     string   // in words, what is so then, such as "versioning is on"
	Missing string   // in words, what is not so yet, such as "versioning is off"
	Loses   []string // who would lose access
	Diff    string   // for people: lines with - and +
	Refused string   // why software must not do this
	Unclear string   // why it cannot be told whether there is something to do: no call is made, and nothing is verified
	Pending string   // what AWS is still doing on the way to the goal: there is nothing to call, and it does not hold yet
}

// Info describes the action.
func (o Of[V]) Info() action.Info { return o.About }

// Plan looks, and says which calls lead to the goal.
func (o Of[V]) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: o.About.ID, Target: t, Undo: o.About.Undo}
	now, err := o.first(ctx, s, &p)
	switch {
	case errors.Is(err, ErrGone):
		p.Nothing = goneText(err)
		return p, nil
	case err != nil || p.Refused != "":
		return p, err
	}
	goal, err := o.Goal(p.Target, now)
	if err != nil || goal.Refused != "" {
		p.Refused = goal.Refused
		return p, err
	}
	if p.Calls, err = o.Calls(p.Target, now, goal.To); err != nil {
		return p, err
	}
	if len(p.Calls) == 0 {
		p.Nothing = cmp.Or(goal.Unclear, goal.Pending, goal.Met)
		return p, nil
	}
	p.Diff = goal.Diff
	if p.Before, err = action.Text(now); err != nil {
		return p, err
	}
	return p, o.consequences(ctx, s.Reader, &p, look[V]{now, goal})
}

// first finds the target, asks whether it is for software, and looks.
func (o Of[V]) first(ctx context.Context, s action.Session, p *effect.Plan) (now V, err error) {
	if o.Find != nil {
		if p.Target, err = o.Find(ctx, s.Reader, p.Target); err != nil {
			return now, err
		}
	}
	if o.Guard != nil {
		if p.Refused, err = o.Guard(ctx, s, p.Target); err != nil || p.Refused != "" {
			return now, err
		}
	}
	return o.Look(ctx, s.Reader, p.Target)
}

// look is a state, and the goal that follows from it.
type look[V any] struct {
	now  V
	goal Goal[V]
}

// consequences says who loses access and what it costs.
func (o Of[V]) consequences(ctx context.Context, cfg aws.Config, p *effect.Plan, l look[V]) (err error) {
	p.Loses = l.goal.Loses
	if o.Loses != nil {
		if p.Loses, err = o.Loses(ctx, cfg, p.Target, l.now); err != nil {
			return err
		}
	}
	if len(p.Loses) == 0 {
		p.Loses = []string{"nobody"}
	}
	if o.Cost != nil {
		p.Cost, err = o.Cost(ctx, cfg, p.Target, l.now)
	}
	return err
}

// Verify looks whether the goal is reached. What does not exist any more cannot be wrong.
func (o Of[V]) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	now, err := o.Look(ctx, s.Reader, p.Target)
	switch {
	case errors.Is(err, ErrGone):
		return effect.Check{Holds: true, Text: goneText(err)}, nil
	case err != nil:
		return action.Unseen(err), nil
	}
	goal, err := o.Goal(p.Target, now)
	if err != nil {
		return action.Unseen(err), nil
	}
	if goal.Refused != "" {
		return effect.Check{Unknown: true, Text: goal.Refused}, nil
	}
	left, err := o.Calls(p.Target, now, goal.To)
	switch {
	case err != nil:
		return action.Unseen(err), nil
	case len(left) > 0:
		return effect.Check{Text: goal.Missing}, nil
	case goal.Unclear != "":
		return effect.Check{Unknown: true, Text: goal.Unclear}, nil
	case goal.Pending != "":
		return effect.Check{Text: goal.Pending}, nil
	}
	return effect.Check{Holds: true, Text: goal.Met}, nil
}

// planned reads what the plan has recorded, and checks that its calls are, to the letter, those that follow from that.
func (o Of[V]) planned(p effect.Plan) (before V, goal Goal[V], err error) {
	if err = action.ReadBefore(p, &before); err != nil {
		return before, goal, err
	}
	if goal, err = o.Goal(p.Target, before); err != nil {
		return before, goal, err
	}
	if goal.Refused != "" {
		return before, goal, fault.New(fault.Denied, "%s refused to act on %s: %s", p.Action, p.Target.Ref, goal.Refused)
	}
	want, err := o.Calls(p.Target, before, goal.To)
	if err != nil {
		return before, goal, err
	}
	return before, goal, action.ExactlyAll(p, want)
}
