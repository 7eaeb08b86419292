package iam

import (
	"context"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	shutOutID     = "iam.shut-out-user"
	shutOutPut    = "iam:PutUserPolicy"
	shutOutDelete = "iam:DeleteUserPolicy"
	shutOutName   = "jobzero-shut-out"
	shutOutText   = `{"Version":"2012-10-17","Statement":[{"Sid":"ShutOut","Effect":"Deny","Action":"*","Resource":"*"}]}`
)

// ShutOutUser denies a user everything.
type ShutOutUser struct{}

// Info describes the action.
func (ShutOutUser) Info() action.Info {
	return action.Info{
		ID: shutOutID, Title: "Deny a user of IAM everything",
		Why: "A deny without any condition outranks whatever the user's policies, groups and the policies of resources allow, and holds at once " +
			"for sessions that were made with the user's keys before.",
		Risk: "Whatever runs as the user stops, also what shares the user with others. Sessions of roles that the user has taken on before live on.",
		Undo: effect.Exact, Targets: []resource.Type{resource.User},
		Reads: []string{"iam:GetUser", "iam:GetUserPolicy"}, Writes: []string{shutOutPut, shutOutDelete},
	}
}

// shut is a user and the policy of our name, empty when there is none.
type shut struct{ User, UserID, Text string }

func lookShut(ctx context.Context, cfg aws.Config, name string) (x shut, arn string, err error) {
	client := iam.NewFromConfig(cfg)
	u, err := client.GetUser(ctx, &iam.GetUserInput{UserName: &name})
	switch {
	case noEntity(err):
		return x, "", errGone
	case err != nil:
		return x, "", awsorg.Fault(err, "read user %s", name)
	case u.User == nil || aws.ToString(u.User.Arn) == "":
		return x, "", fault.New(fault.Unavailable, "read user %s: the API answered without an ARN", name)
	}
	x = shut{User: name, UserID: aws.ToString(u.User.UserId)}
	out, err := client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &name, PolicyName: aws.String(shutOutName)})
	if err != nil && !noEntity(err) {
		return x, "", awsorg.Fault(err, "read policy %s of user %s", shutOutName, name)
	}
	if err == nil {
		if x.Text, err = url.QueryUnescape(aws.ToString(out.PolicyDocument)); err != nil { // as the API documents it
			return x, "", fault.Wrap(fault.Unavailable, err, "read policy %s of user %s", shutOutName, name)
		}
	}
	return x, *u.User.Arn, nil
}

type shutInput struct{ UserName, PolicyName, PolicyDocument string }

type unshutInput struct{ UserName, PolicyName string }

// Plan looks at the user.
func (ShutOutUser) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: shutOutID, Target: t, Undo: effect.Exact}
	x, arn, err := lookShut(ctx, s.Reader, t.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookShut gives it as it is
		p.Nothing = "the user does not exist any more"
		return p, nil
	case err != nil:
		return p, err
	case action.SameText(x.Text, shutOutText):
		p.Nothing = "the user is shut out already"
		return p, nil
	case x.Text != "":
		p.Refused = "the user has a policy " + shutOutName + " that says something else"
		return p, nil
	}
	p.Diff, p.Loses = "+ "+shutOutText, []string{"user " + x.User + " with everything"}
	if p.Before, err = action.Text(x); err != nil {
		return p, err
	}
	call, err := action.NewCall(shutOutPut, arn, shutInput{x.User, shutOutName, shutOutText})
	p.Calls = []effect.Call{call}
	return p, err
}

// Do writes the policy.
func (ShutOutUser) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	was, planned, err := shutBefore(p)
	if err != nil {
		return effect.Result{}, err
	}
	call, err := action.NewCall(shutOutPut, planned.Resource, shutInput{p.Target.Ref.ID, shutOutName, shutOutText})
	if err != nil {
		return effect.Result{}, err
	}
	if call, err = action.Exactly(p, call); err != nil {
		return effect.Result{}, err
	}
	var in iam.PutUserPolicyInput
	if err := action.ReadInput(call, &in); err != nil {
		return effect.Result{}, err
	}
	now, _, err := lookShut(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case err == errGone, err == nil && now.UserID != was.UserID: //nolint:errorlint // lookShut gives it as it is
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case action.SameText(now.Text, shutOutText):
		return effect.Result{Already: true}, nil
	case now != was:
		return effect.Result{}, action.Moved(p)
	}
	if _, err := iam.NewFromConfig(s.Responder).PutUserPolicy(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "shut out %s", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, nil
}

func shutBefore(p effect.Plan) (was shut, planned effect.Call, err error) {
	if err = action.ReadBefore(p, &was); err == nil {
		planned, err = action.Only(p)
	}
	if err == nil && was.User != p.Target.Ref.ID {
		err = fault.New(fault.Invalid, "the plan of %s for %s has recorded another user", p.Action, p.Target.Ref)
	}
	return was, planned, err
}

// Inverse is the call that takes the policy away again.
func (ShutOutUser) Inverse(p effect.Plan) ([]effect.Call, error) {
	_, planned, err := shutBefore(p)
	if err != nil {
		return nil, err
	}
	call, err := action.NewCall(shutOutDelete, planned.Resource, unshutInput{p.Target.Ref.ID, shutOutName})
	return []effect.Call{call}, err
}

// Undo takes the policy away, unless it says something else by now.
func (a ShutOutUser) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	calls, err := a.Inverse(p)
	if err != nil {
		return effect.Result{}, err
	}
	var in iam.DeleteUserPolicyInput
	if err := action.ReadInput(calls[0], &in); err != nil {
		return effect.Result{}, err
	}
	now, _, err := lookShut(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookShut gives it as it is
		return effect.Result{}, action.Moved(p)
	case err != nil:
		return effect.Result{}, err
	case now.Text == "":
		return effect.Result{Already: true}, nil
	case !action.SameText(now.Text, shutOutText):
		return effect.Result{}, action.Moved(p)
	}
	if _, err := iam.NewFromConfig(s.Responder).DeleteUserPolicy(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "let %s in again", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, nil
}

// Verify looks whether the policy is there. A user who is gone can do nothing either.
func (ShutOutUser) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	x, _, err := lookShut(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookShut gives it as it is
		return effect.Check{Holds: true, Text: "the user does not exist any more"}, nil
	case err != nil:
		return action.Unseen(err), nil
	case action.SameText(x.Text, shutOutText):
		return effect.Check{Holds: true, Text: "the user is denied everything"}, nil
	}
	return effect.Check{Text: "the user is not shut out"}, nil
}
