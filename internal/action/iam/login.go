package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const deleteLoginMay = "iam:DeleteLoginProfile"

// login is the password of a user, made at a time; empty: there is none. Of another user of the same name, or set anew, it is another one.
type login struct {
	who
	Made string
}

// DeleteLoginProfile takes a user's password away.
func DeleteLoginProfile() setting.Of[login] {
	return setting.Of[login]{
		About: action.Info{
			ID: "iam.delete-login-profile", Title: "Delete the password of a user",
			Why: "Without a password a user of IAM cannot sign in to the console. IAM has no way to switch one off.",
			Risk: "The user cannot sign in any more. No one knows the password to set it again: a person makes a new one. A session of the " +
				"console that has begun lasts up to 12 hours: shut the user out besides.",
			Undo: effect.None, Targets: []resource.Type{resource.User},
			Reads: []string{"iam:GetLoginProfile", "iam:GetUser"}, Writes: []string{deleteLoginMay},
		},
		Look: lookLogin, Goal: noLogin, Calls: loginCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).DeleteLoginProfile)
		},
	}
}

func lookLogin(ctx context.Context, cfg aws.Config, t effect.Target) (l login, err error) {
	if l.who, err = whoIs(ctx, cfg, t.Ref); err != nil {
		return l, err
	}
	out, err := iam.NewFromConfig(cfg).GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &t.Ref.ID})
	switch {
	case noEntity(err):
		return l, nil
	case err != nil:
		return l, awsorg.Fault(err, "read the password of user %s", t.Ref.ID)
	case out.LoginProfile == nil:
		return l, fault.New(fault.Unavailable, "read the password of user %s: the API answered without one", t.Ref.ID)
	}
	l.Made = aws.ToTime(out.LoginProfile.CreateDate).UTC().Format(time.RFC3339)
	return l, nil
}

func noLogin(t effect.Target, now login) (setting.Goal[login], error) {
	return setting.Goal[login]{
		To: login{who: now.who}, Met: "the user has no password", Missing: "the user has a password",
		Diff: "- LoginProfile, made " + now.Made, Loses: []string{"user " + t.Ref.ID + " at the console"},
	}, nil
}

func loginCalls(t effect.Target, from, to login) ([]effect.Call, error) {
	if from.Made == "" || to.Made != "" {
		return nil, nil
	}
	return setting.One(deleteLoginMay, from.ARN, setting.In{"UserName": t.Ref.ID})
}
