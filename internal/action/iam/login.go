package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	deleteLoginID  = "iam.delete-login-profile"
	deleteLoginMay = "iam:DeleteLoginProfile"
)

// DeleteLoginProfile takes a user's password away.
type DeleteLoginProfile struct{}

// Info describes the action.
func (DeleteLoginProfile) Info() action.Info {
	return action.Info{
		ID: deleteLoginID, Title: "Delete the password of a user",
		Why: "Without a password a user of IAM cannot sign in to the console. IAM has no way to switch one off.",
		Risk: "The user cannot sign in any more. No one knows the password to set it again: a person makes a new one. A session of the " +
			"console that has begun lasts up to 12 hours: shut the user out besides.",
		Undo: effect.None, Targets: []resource.Type{resource.User},
		Reads: []string{"iam:GetLoginProfile", "iam:GetUser"}, Writes: []string{deleteLoginMay},
	}
}

// login is the password of one user: of another user of the same name, or set anew, it is another one.
type login struct{ User, UserID, Made string }

type userInput struct{ UserName string }

// lookLogin finds the user and the password; errGone says that there is none.
func lookLogin(ctx context.Context, cfg aws.Config, name string) (l login, arn string, err error) {
	client := iam.NewFromConfig(cfg)
	out, err := client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &name})
	switch {
	case noEntity(err):
		return l, "", errGone
	case err != nil:
		return l, "", awsorg.Fault(err, "read the password of user %s", name)
	case out.LoginProfile == nil:
		return l, "", fault.New(fault.Unavailable, "read the password of user %s: the API answered without one", name)
	}
	u, err := client.GetUser(ctx, &iam.GetUserInput{UserName: &name})
	if err != nil {
		return l, "", awsorg.Fault(err, "read user %s", name)
	}
	if u.User == nil || aws.ToString(u.User.Arn) == "" {
		return l, "", fault.New(fault.Unavailable, "read user %s: the API answered without an ARN", name)
	}
	return login{name, aws.ToString(u.User.UserId), aws.ToTime(out.LoginProfile.CreateDate).UTC().Format(time.RFC3339)}, *u.User.Arn, nil
}

// Plan looks whether there is a password.
func (DeleteLoginProfile) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: deleteLoginID, Target: t, Undo: effect.None}
	l, arn, err := lookLogin(ctx, s.Reader, t.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookLogin gives it as it is
		p.Nothing = "the user has no password"
		return p, nil
	case err != nil:
		return p, err
	}
	p.Diff, p.Loses = "- LoginProfile, made "+l.Made, []string{"user " + l.User + " at the console"}
	if p.Before, err = action.Text(l); err != nil {
		return p, err
	}
	call, err := action.NewCall(deleteLoginMay, arn, userInput{l.User})
	p.Calls = []effect.Call{call}
	return p, err
}

// Do deletes the password that was planned for.
func (DeleteLoginProfile) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	var was login
	if err := action.ReadBefore(p, &was); err != nil {
		return effect.Result{}, err
	}
	planned, err := action.Only(p)
	if err != nil {
		return effect.Result{}, err
	}
	want, err := action.NewCall(deleteLoginMay, planned.Resource, userInput{p.Target.Ref.ID})
	if err != nil {
		return effect.Result{}, err
	}
	if want, err = action.Exactly(p, want); err != nil {
		return effect.Result{}, err
	}
	var in iam.DeleteLoginProfileInput
	if err := action.ReadInput(want, &in); err != nil {
		return effect.Result{}, err
	}
	now, _, err := lookLogin(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookLogin gives it as it is
		return effect.Result{Already: true}, nil
	case err != nil:
		return effect.Result{}, err
	case now != was:
		return effect.Result{}, action.Moved(p)
	}
	if _, err := iam.NewFromConfig(s.Responder).DeleteLoginProfile(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "delete the password of %s", p.Target.Ref)
	}
	return effect.Result{Calls: 1}, nil
}

// Verify looks whether there is a password.
func (DeleteLoginProfile) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	_, _, err := lookLogin(ctx, s.Reader, p.Target.Ref.ID)
	switch {
	case err == errGone: //nolint:errorlint // lookLogin gives it as it is
		return effect.Check{Holds: true, Text: "the user has no password"}, nil
	case err != nil:
		return action.Unseen(err), nil
	}
	return effect.Check{Text: "the user has a password"}, nil
}

// Undo cannot: nobody knows the password.
func (DeleteLoginProfile) Undo(context.Context, action.Session, effect.Plan) (effect.Result, error) {
	return effect.Result{}, fault.New(fault.Denied, "nobody knows the password that was deleted: set a new one in the console")
}
