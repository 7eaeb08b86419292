package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/narrow"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
	"jobzero/internal/resource"
)

const (
	endID     = "iam.end-role-sessions"
	dropMay   = "iam:DeleteRolePolicy"
	endPolicy = "jobzero-ended-sessions" // the policy of the role that holds what this action writes, and nothing else
)

// EndRoleSessions denies everything to sessions of a role: from a time on, or to those that were issued before one.
type EndRoleSessions struct{}

// Info describes the action.
func (EndRoleSessions) Info() action.Info {
	return action.Info{
		ID: endID, Title: "End the sessions of a role",
		Why: "Credentials of a session live on when nobody trusts their owner any more: for up to twelve hours. A Deny by the time at " +
			"which they were issued ends them at once, and those that are issued later are not touched.",
		Risk: "Whatever works with such a session stops, and has to take on the role anew. Of a role that services use these are the services.",
		Undo: effect.Compensating, Shuts: effect.ShutsSessions, Targets: []resource.Type{resource.Role},
		Reads:  []string{"iam:GetRole", "iam:GetRolePolicy"},
		Writes: []string{putRoleMay, dropMay},
		Params: []action.Param{
			{Name: "issued-before", Text: "end sessions whose credentials were issued before this time, such as 2026-12-31T18:00:00Z"},
			{Name: "from", Text: "end them from this time on"},
			{Name: "session", Text: "only sessions of this name; otherwise all of the role"},
		},
	}
}

// endOf is what a target asks for.
func endOf(t effect.Target) (e timed.End, err error) {
	e.Session = t.Params["session"]
	for name, into := range map[string]*time.Time{"issued-before": &e.Issued, "from": &e.From} {
		word := t.Params[name]
		if word == "" {
			continue
		}
		if *into, err = time.Parse(timed.Stamp, word); err != nil {
			return e, fault.New(fault.Invalid, "%s: %s %q: want a time such as 2026-12-31T18:00:00Z", endID, name, word)
		}
	}
	return e, nil
}

// dated is the time of an end.
func dated(e timed.End) time.Time {
	if e.From.IsZero() {
		return e.Issued
	}
	return e.From
}

func ending(t effect.Target) holder { return holder{t.Ref, endPolicy} }

// ended is a policy of ends with one more, and without those that nobody needs any more.
func endedBy(now string, e timed.End) (next string, there bool, err error) {
	st, err := e.Statement()
	if err != nil {
		return "", false, err
	}
	doc, err := timed.Read(now)
	if err != nil {
		return "", false, err
	}
	if action.SameText(string(doc.Find(e.Sid())), string(st)) {
		return now, true, nil
	}
	next, err = doc.Fresh(dated(e)).With(st).Text()
	return next, false, err
}

// Plan adds the statement to the role's policy of ends.
func (EndRoleSessions) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: endID, Target: t, Undo: effect.Compensating}
	e, err := endOf(t)
	if err != nil {
		return p, err
	}
	h := ending(t)
	arn, err := h.arn(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	if strings.Contains(arn, ":role/aws-service-role/") || strings.Contains(arn, ":role/aws-reserved/") {
		p.Refused = "the role belongs to a service of AWS, which alone may change it"
		return p, nil
	}
	now, err := h.Text(ctx, s.Reader)
	if err != nil {
		return p, err
	}
	next, there, err := endedBy(now, e)
	if err != nil {
		return p, err
	}
	if there {
		p.Nothing = "these sessions are ended already"
		return p, nil
	}
	st, err := e.Statement()
	if err != nil {
		return p, err
	}
	p.Diff = "+ " + string(st)
	p.Loses = []string{loser(t.Ref.ID, e)}
	if p.Before, err = action.Text(narrow.Text{Document: now}); err != nil {
		return p, err
	}
	p.Calls, err = h.Calls(arn, next)
	return p, err
}

func loser(role string, e timed.End) string {
	who := "every session of " + role
	if e.Session != "" {
		who = "sessions of " + role + " that are called " + e.Session
	}
	if e.From.IsZero() {
		return who + ", issued before " + e.Issued.UTC().Format(timed.Stamp)
	}
	return who + ", from " + e.From.UTC().Format(timed.Stamp) + " on"
}

// Do puts the policy of ends.
func (EndRoleSessions) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	var b narrow.Text
	if err := action.ReadBefore(p, &b); err != nil {
		return effect.Result{}, err
	}
	e, err := endOf(p.Target)
	if err != nil {
		return effect.Result{}, err
	}
	next, _, err := endedBy(b.Document, e)
	if err != nil {
		return effect.Result{}, err
	}
	planned, err := action.Only(p)
	if err != nil {
		return effect.Result{}, err
	}
	h := ending(p.Target)
	want, err := h.Calls(planned.Resource, next)
	if err != nil {
		return effect.Result{}, err
	}
	if err := action.ExactlyAll(p, want); err != nil {
		return effect.Result{}, err
	}
	return narrow.Change{At: h, From: b.Document, To: next}.Make(ctx, s, p)
}

// Inverse are the calls that may take the statement out again: the policy goes when it was the last.
func (EndRoleSessions) Inverse(p effect.Plan) ([]effect.Call, error) {
	planned, err := action.Only(p)
	if err != nil {
		return nil, err
	}
	var b narrow.Text
	if err := action.ReadBefore(p, &b); err != nil {
		return nil, err
	}
	calls, err := ending(p.Target).Calls(planned.Resource, b.Document)
	if err != nil {
		return nil, err
	}
	drop, err := action.NewCall(dropMay, planned.Resource, inlineInput{RoleName: p.Target.Ref.ID, PolicyName: endPolicy})
	return append(calls, drop), err
}

// Undo takes the statement out: sessions that it ended, and that live still, can be used again.
func (EndRoleSessions) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	e, err := endOf(p.Target)
	if err != nil {
		return effect.Result{}, err
	}
	h := ending(p.Target)
	now, err := h.Text(ctx, s.Reader)
	if err != nil {
		return effect.Result{}, err
	}
	doc, err := timed.Read(now)
	if err != nil {
		return effect.Result{}, err
	}
	if doc.Find(e.Sid()) == nil {
		return effect.Result{Already: true}, nil
	}
	if doc = doc.Without(e.Sid()); doc.Empty() {
		_, err := iam.NewFromConfig(s.Responder).DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &h.ref.ID, PolicyName: &h.policy})
		return effect.Result{Calls: 1}, awsorg.Fault(err, "delete policy %s of %s", h.policy, h.ref)
	}
	next, err := doc.Text()
	if err != nil {
		return effect.Result{}, err
	}
	return effect.Result{Calls: 1}, h.Put(ctx, s.Responder, next)
}

// Verify looks whether the role's policy has the statement.
func (EndRoleSessions) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	e, err := endOf(p.Target)
	if err != nil {
		return effect.Check{}, err
	}
	now, err := ending(p.Target).Text(ctx, s.Reader)
	if err != nil {
		return action.Unseen(err), nil
	}
	_, there, err := endedBy(now, e)
	switch {
	case err != nil:
		return action.Unseen(err), nil
	case there:
		return effect.Check{Holds: true, Text: "denied: " + loser(p.Target.Ref.ID, e)}, nil
	}
	return effect.Check{Text: "not denied: " + loser(p.Target.Ref.ID, e)}, nil
}
