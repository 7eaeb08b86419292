package narrow

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/policy"
)

// Document is the parameter of all these actions.
const Document = "document"

// Place is where a policy stands.
type Place interface {
	Kind() policy.Kind
	// Text is the policy as it is now; empty when there is none.
	Text(ctx context.Context, cfg aws.Config) (string, error)
	// Calls are those that put a text, on the resource that the plan has found.
	Calls(resource, text string) ([]effect.Call, error)
	// Put makes them.
	Put(ctx context.Context, cfg aws.Config, text string) error
	// Spread reports whether the text that stands there counts everywhere.
	Spread(ctx context.Context, cfg aws.Config) (bool, error)
}

// Do puts the smaller text.
func Do(ctx context.Context, s action.Session, p effect.Plan, at Place) (effect.Result, error) {
	before, err := Kept(p, at.Kind())
	if err != nil {
		return effect.Result{}, err
	}
	if len(p.Calls) == 0 {
		_, err := action.Only(p)
		return effect.Result{}, err
	}
	want, err := at.Calls(p.Calls[0].Resource, p.Target.Params[Document])
	if err != nil {
		return effect.Result{}, err
	}
	if err := action.ExactlyAll(p, want); err != nil {
		return effect.Result{}, err
	}
	return Change{at, before, p.Target.Params[Document]}.Make(ctx, s, p)
}

// Change puts a text in the place of another.
type Change struct {
	At       Place
	From, To string
}

// Make makes the change, unless that is done already.
func (c Change) Make(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	at, from, to := c.At, c.From, c.To
	now, err := at.Text(ctx, s.Reader)
	if err != nil {
		return effect.Result{}, err
	}
	if action.SameText(now, to) {
		if whole, err := at.Spread(ctx, s.Reader); err != nil || whole {
			return effect.Result{Already: err == nil}, err
		}
	} else if !action.SameText(now, from) {
		return effect.Result{}, action.Moved(p)
	}
	if err := at.Put(ctx, s.Responder, to); err != nil {
		return effect.Result{}, err
	}
	after, err := action.Text(Text{to})
	return effect.Result{Calls: len(p.Calls), After: after}, err
}

// Inverse are the calls that put the old text back.
func Inverse(p effect.Plan, at Place) ([]effect.Call, error) {
	before, err := Kept(p, at.Kind())
	if err != nil {
		return nil, err
	}
	if len(p.Calls) == 0 {
		_, err := action.Only(p)
		return nil, err
	}
	return at.Calls(p.Calls[0].Resource, before)
}

// Undo puts the old text back.
func Undo(ctx context.Context, s action.Session, p effect.Plan, at Place) (effect.Result, error) {
	before, err := Kept(p, at.Kind())
	if err != nil {
		return effect.Result{}, err
	}
	return Change{at, p.Target.Params[Document], before}.Make(ctx, s, p)
}

// Verify looks whether the policy allows no more than the smaller text, and that everywhere.
func Verify(ctx context.Context, s action.Session, p effect.Plan, at Place) (effect.Check, error) {
	now, err := at.Text(ctx, s.Reader)
	if err != nil {
		return action.Unseen(err), nil
	}
	check := Verified(at.Kind(), now, p.Target.Params[Document])
	if !check.Holds || now == "" {
		return check, nil
	}
	whole, err := at.Spread(ctx, s.Reader)
	switch {
	case err != nil:
		return action.Unseen(err), nil
	case !whole:
		return effect.Check{Text: "the smaller text is there, and does not count everywhere yet"}, nil
	}
	return check, nil
}
