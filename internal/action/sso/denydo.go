package sso

import (
	"context"
	"strings"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/effect"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
)

// arnIn is the ARN of the permission set that a resource's ID names.
func arnIn(ref resource.Ref) string {
	_, arn, _ := strings.Cut(ref.ID, "|")
	return arn
}

// denialOf is the change that a plan makes.
func denialOf(p effect.Plan) (c narrow.Change, sid string, err error) {
	var b narrow.Text
	if err := action.ReadBefore(p, &b); err != nil {
		return c, "", err
	}
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return c, "", err
	}
	st, sid, err := denial(p.Target)
	if err != nil {
		return c, "", err
	}
	next, _, err := denied(b.Document, st, sid)
	return narrow.Change{At: x, From: b.Document, To: next}, sid, err
}

// Do puts the policy with the statement, and has it carried into all accounts.
func (DenyUser) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	c, _, err := denialOf(p)
	if err != nil {
		return effect.Result{}, err
	}
	want, err := c.At.Calls(arnIn(p.Target.Ref), c.To)
	if err != nil {
		return effect.Result{}, err
	}
	if err := action.ExactlyAll(p, want); err != nil {
		return effect.Result{}, err
	}
	return c.Make(ctx, s, p)
}

// Inverse are the calls that may take the statement out again: a policy that had none besides goes.
func (DenyUser) Inverse(p effect.Plan) ([]effect.Call, error) {
	c, _, err := denialOf(p)
	if err != nil {
		return nil, err
	}
	back, err := c.At.Calls(arnIn(p.Target.Ref), c.From)
	if err != nil || c.From != "" {
		return back, err
	}
	put, err := c.At.Calls(arnIn(p.Target.Ref), c.To) // of somebody else's statement beside it
	return append(back, put[0]), err
}

// Undo puts the old text back, or, when somebody has changed more since, takes the statement out of what is there.
func (DenyUser) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	c, sid, err := denialOf(p)
	if err != nil {
		return effect.Result{}, err
	}
	now, err := c.At.Text(ctx, s.Reader)
	if err != nil {
		return effect.Result{}, err
	}
	doc, err := timed.Read(now)
	if err != nil {
		return effect.Result{}, err
	}
	if doc.Find(sid) == nil || action.SameText(now, c.To) {
		if doc.Find(sid) == nil {
			c.From = now
		}
		return narrow.Change{At: c.At, From: c.To, To: c.From}.Make(ctx, s, p)
	}
	if doc = doc.Without(sid); doc.Empty() {
		return narrow.Change{At: c.At, From: now}.Make(ctx, s, p)
	}
	rest, err := doc.Text()
	if err != nil {
		return effect.Result{}, err
	}
	return narrow.Change{At: c.At, From: now, To: rest}.Make(ctx, s, p)
}

// Verify looks whether the statement is there, and that everywhere. A permission set that is gone gives nobody anything.
func (DenyUser) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	st, sid, err := denial(p.Target)
	if err != nil {
		return effect.Check{}, err
	}
	x, err := setOf(p.Target.Ref)
	if err != nil {
		return effect.Check{}, err
	}
	is, err := x.exists(ctx, s.Reader)
	if err != nil {
		return action.Unseen(err), nil
	}
	if !is {
		return effect.Check{Holds: true, Text: "the permission set does not exist any more"}, nil
	}
	now, err := x.Text(ctx, s.Reader)
	if err != nil {
		return action.Unseen(err), nil
	}
	_, there, err := denied(now, st, sid)
	if err != nil {
		return action.Unseen(err), nil
	}
	if !there {
		return effect.Check{Text: "not denied: " + loser(p.Target)}, nil
	}
	whole, err := x.Spread(ctx, s.Reader)
	switch {
	case err != nil:
		return action.Unseen(err), nil
	case !whole:
		return effect.Check{Text: "the statement is there, and does not count everywhere yet"}, nil
	}
	return effect.Check{Holds: true, Text: "denied: " + loser(p.Target)}, nil
}
