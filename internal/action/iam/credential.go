package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// sort is a kind of credential that is switched off as the others of its kind are, and on again.
type sort struct {
	id, noun, opens string
	target          resource.Type
	list, update    string // permissions
	key             string // the member of the call that has the credential's ID
	contract        bool   // the emulator lacks its calls
	statuses        func(ctx context.Context, c *iam.Client, user string) (map[string]string, error)
	set             func(ctx context.Context, c *iam.Client, call effect.Call) error
}

// DeactivateCredential makes an SSH key, a service-specific credential or a signing certificate of a user inactive.
type DeactivateCredential struct{ sort }

// Credentials gives the actions for all kinds.
func Credentials() []action.Action {
	return []action.Action{DeactivateCredential{sshKeys()}, DeactivateCredential{serviceCredentials()}, DeactivateCredential{certificates()}}
}

// Info describes the action.
func (a DeactivateCredential) Info() action.Info {
	return action.Info{
		ID: a.id, Title: "Deactivate " + a.noun, Undo: effect.Exact, Targets: []resource.Type{a.target},
		Why:   "Whoever has left keeps what is on his machines. Inactive it opens nothing, and unlike a deleted one it can be switched on again when it turns out to be a mistake.",
		Risk:  "Whatever runs with it stops: " + a.opens + ".",
		Reads: []string{a.list, "iam:GetUser"}, Writes: []string{a.update}, Contract: a.contract,
	}
}

// held is one credential of a user, as it is now.
type held struct{ User, ID, Status string }

// find looks for the target; errGone says that it is not there.
func (a DeactivateCredential) find(ctx context.Context, cfg aws.Config, ref resource.Ref) (held, error) {
	user, id, ok := strings.Cut(ref.ID, "/")
	if !ok || user == "" || id == "" {
		return held{}, fault.New(fault.Invalid, "%s: want USER/ID", ref)
	}
	all, err := a.statuses(ctx, iam.NewFromConfig(cfg), user)
	if err != nil && !noEntity(err) {
		return held{}, awsorg.Fault(err, "look at %s", ref)
	}
	status, ok := all[id]
	if !ok {
		return held{}, errGone
	}
	return held{user, id, status}, nil
}

// Plan looks at the credential.
func (a DeactivateCredential) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: a.id, Target: t, Undo: effect.Exact}
	h, err := a.find(ctx, s.Reader, t.Ref)
	switch {
	case err == errGone: //nolint:errorlint // find gives it as it is
		p.Nothing = a.noun + " does not exist any more"
		return p, nil
	case err != nil:
		return p, err
	case h.Status != active:
		p.Nothing = a.noun + " is " + strings.ToLower(h.Status) + " already"
		return p, nil
	}
	arn, err := arnOf(ctx, s.Reader, h.User)
	if err != nil {
		return p, err
	}
	p.Diff, p.Loses = "- Status: "+active+"\n+ Status: "+inactive, []string{"user " + h.User + " with " + h.ID}
	if p.Before, err = action.Text(h); err != nil {
		return p, err
	}
	call, err := a.call(arn, h, inactive)
	p.Calls = []effect.Call{call}
	return p, err
}

func (a DeactivateCredential) call(arn string, h held, status string) (effect.Call, error) {
	return action.NewCall(a.update, arn, map[string]string{"UserName": h.User, a.key: h.ID, "Status": status})
}

// from is the call that follows from what a plan has recorded.
func (a DeactivateCredential) from(p effect.Plan, status string) (h held, call effect.Call, err error) {
	if err = action.ReadBefore(p, &h); err != nil {
		return h, call, err
	}
	if p.Target.Ref.ID != h.User+"/"+h.ID {
		return h, call, fault.New(fault.Invalid, "the plan of %s for %s has recorded another", p.Action, p.Target.Ref)
	}
	planned, err := action.Only(p)
	if err != nil {
		return h, call, err
	}
	if status == "" {
		status = h.Status
	}
	call, err = a.call(planned.Resource, h, status)
	return h, call, err
}

// Do makes it inactive.
func (a DeactivateCredential) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	_, call, err := a.from(p, inactive)
	if err != nil {
		return effect.Result{}, err
	}
	if call, err = action.Exactly(p, call); err != nil {
		return effect.Result{}, err
	}
	return a.make(ctx, s, p, call, inactive)
}

// Inverse is the call that gives it its old status.
func (a DeactivateCredential) Inverse(p effect.Plan) ([]effect.Call, error) {
	_, call, err := a.from(p, "")
	return []effect.Call{call}, err
}

// Undo gives it its old status.
func (a DeactivateCredential) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	h, call, err := a.from(p, "")
	if err != nil {
		return effect.Result{}, err
	}
	return a.make(ctx, s, p, call, h.Status)
}

// make makes the call unless it is so already.
func (a DeactivateCredential) make(ctx context.Context, s action.Session, p effect.Plan, call effect.Call, status string) (effect.Result, error) {
	now, err := a.find(ctx, s.Reader, p.Target.Ref)
	switch {
	case err == errGone: //nolint:errorlint // find gives it as it is
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case now.Status == status:
		return effect.Result{Already: true}, nil
	}
	if err := a.set(ctx, iam.NewFromConfig(s.Responder), call); err != nil {
		return effect.Result{}, awsorg.Fault(err, "make %s %s", p.Target.Ref, status)
	}
	now.Status = status
	after, err := action.Text(now)
	return effect.Result{Calls: 1, After: after}, err
}

// Verify looks whether it is inactive. One that is gone opens nothing either.
func (a DeactivateCredential) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	h, err := a.find(ctx, s.Reader, p.Target.Ref)
	switch {
	case err == errGone: //nolint:errorlint // find gives it as it is
		return effect.Check{Holds: true, Text: a.noun + " does not exist any more"}, nil
	case err != nil:
		return action.Unseen(err), nil
	}
	return effect.Check{Holds: h.Status != active, Text: a.noun + " is " + strings.ToLower(h.Status)}, nil
}
