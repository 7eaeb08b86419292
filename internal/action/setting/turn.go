package setting

import (
	"context"
	"errors"
	"time"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Do makes the plan's calls, or those that are left of them when some were made before a process was killed.
func (o Of[V]) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	before, goal, err := o.planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	if o.Guard != nil {
		refused, err := o.Guard(ctx, s, p.Target)
		if err != nil {
			return effect.Result{}, err
		}
		if refused != "" { // a plan may have waited for hours: planned again, it is refused
			return effect.Result{}, fault.New(fault.Conflict, "since %s was planned for %s: %s", p.Action, p.Target.Ref, refused)
		}
	}
	return o.turn(ctx, s, p, way[V]{before, goal.To})
}

// Inverse are the calls that lead back.
func (o Of[V]) Inverse(p effect.Plan) ([]effect.Call, error) {
	if o.About.Undo == effect.None {
		return nil, fault.New(fault.Denied, "%s cannot be undone", p.Action)
	}
	before, goal, err := o.planned(p)
	if err != nil {
		return nil, err
	}
	return o.Calls(p.Target, goal.To, before)
}

// Undo makes the calls that lead back, unless the state is not what the plan made of it any more.
func (o Of[V]) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	if o.About.Undo == effect.None {
		return effect.Result{}, fault.New(fault.Denied, "%s cannot be undone", p.Action)
	}
	before, goal, err := o.planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	return o.turn(ctx, s, p, way[V]{goal.To, before})
}

// way leads from one state to another.
type way[V any] struct{ from, to V }

func (o Of[V]) turn(ctx context.Context, s action.Session, p effect.Plan, w way[V]) (effect.Result, error) {
	now, err := o.Look(ctx, s.Reader, p.Target)
	switch {
	case errors.Is(err, ErrGone):
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	}
	left, err := o.left(p, w, now)
	if err != nil {
		return effect.Result{}, err
	}
	if len(left) == 0 {
		return effect.Result{Already: true}, nil
	}
	var res effect.Result
	for _, call := range left {
		if err := o.Send(ctx, s.Responder, call); err != nil {
			return res, err
		}
		res.Calls++
	}
	if o.Slow {
		if err := o.settle(ctx, s, p, w.to); err != nil {
			return res, err
		}
	}
	res.After, err = action.Text(w.to)
	return res, err
}

// The waiting for what AWS does after it has answered ends after a while: Verify looks again anyway.
const (
	waits = 20
	pause = 500 * time.Millisecond
)

// settle waits until a look shows the state. That it takes longer is no failure, nor is a look that fails meanwhile.
func (o Of[V]) settle(ctx context.Context, s action.Session, p effect.Plan, to V) error {
	for range waits {
		if now, err := o.Look(ctx, s.Reader, p.Target); err == nil {
			if left, err := o.Calls(p.Target, now, to); err != nil || len(left) == 0 {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
	return nil
}

// left are the calls that are still to be made: all of them in the state that the plan began with, some of them when others were made
// before, none when all were. In any other state the world has moved on.
func (o Of[V]) left(p effect.Plan, w way[V], now V) ([]effect.Call, error) {
	all, err := o.Calls(p.Target, w.from, w.to)
	if err != nil {
		return nil, err
	}
	left, err := o.Calls(p.Target, now, w.to)
	if err != nil {
		return nil, err
	}
	if len(left) == 0 {
		return nil, nil
	}
	if len(left) < len(all) && action.Among(left, all) {
		return left, nil
	}
	if !o.same(now, w.from) {
		return nil, action.Moved(p)
	}
	return left, nil
}

// same compares two states, if nothing else is said by what a plan keeps of them.
func (o Of[V]) same(a, b V) bool {
	if o.Same != nil {
		return o.Same(a, b)
	}
	return Alike(a, b)
}
