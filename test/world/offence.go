package world

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/resource"
)

// Offence is something wrong that somebody did through the real API.
type Offence struct {
	Title   string
	Subject resource.Ref
	Record  map[string]any // what CloudTrail would say of it
	Effects int            // how many changes it takes to mend it
	// Mended looks with a client of its own whether the world is right again, and says what it saw.
	Mended func(ctx context.Context) (bool, string, error)
}

// LeakedKey makes a user with an access key and uses the key from a strange place with a tool that hunts for keys.
func (w *World) LeakedKey(ctx context.Context, account, user string) (Offence, error) {
	c := iam.NewFromConfig(w.AWS.Config(account))
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &user}); err != nil {
		return Offence{}, err
	}
	made, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &user})
	if err != nil {
		return Offence{}, err
	}
	key := aws.ToString(made.AccessKey.AccessKeyId)
	if err := w.useKey(ctx, key, aws.ToString(made.AccessKey.SecretAccessKey)); err != nil {
		return Offence{}, fmt.Errorf("use the leaked key: %w", err)
	}
	call := Call{
		Account: account, Service: "sts", Name: "GetCallerIdentity", User: user, Key: key,
		Agent: "TruffleHog", Source: "203.0.113.99", Read: true,
	}
	return Offence{
		Title:   "a leaked key is used: " + key,
		Subject: resource.Ref{Type: resource.AccessKey, Account: account, ID: key}, Record: call.Record(),
		Effects: 2, // the key is turned off, and sessions that were made with it are ended
		Mended: func(ctx context.Context) (bool, string, error) {
			out, err := c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &user})
			if err != nil {
				return false, "", err
			}
			k := out.AccessKeyMetadata[0]
			return k.Status == iamtypes.StatusTypeInactive, "status " + string(k.Status), nil
		},
	}, nil
}
