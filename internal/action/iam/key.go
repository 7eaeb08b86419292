package iam

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// key is one access key as it is now.
type key struct {
	User    string
	UserARN string
	Status  string
	Used    string // when and where last, for people
	Others  int    // active keys that the user has besides
}

// errGone says that the API named the key as not existing.
var errGone = fault.New(fault.NotFound, "the access key does not exist any more")

// look finds the key's user and the key. The ID alone is known: a leaked key does not say whose it is.
func look(ctx context.Context, cfg aws.Config, id string) (key, error) {
	client := iam.NewFromConfig(cfg)
	used, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id})
	if noEntity(err) {
		return key{}, errGone
	}
	if err != nil {
		return key{}, awsorg.Fault(err, "find the user of access key %s", id)
	}
	k := key{User: aws.ToString(used.UserName), Used: lastUse(used.AccessKeyLastUsed)}
	if k.User == "" {
		return key{}, fault.New(fault.Unavailable, "find the user of access key %s: the API answered without one", id)
	}
	found := false
	pages := iam.NewListAccessKeysPaginator(client, &iam.ListAccessKeysInput{UserName: &k.User})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if noEntity(err) {
			return key{}, errGone
		}
		if err != nil {
			return key{}, awsorg.Fault(err, "list the access keys of user %s", k.User)
		}
		for _, m := range page.AccessKeyMetadata {
			switch {
			case aws.ToString(m.AccessKeyId) == id:
				found, k.Status = true, string(m.Status)
			case m.Status == types.StatusTypeActive:
				k.Others++
			}
		}
	}
	if !found {
		return key{}, errGone
	}
	return k, nil
}

// arnOf asks for the user's ARN: its path is in it, and the responder is narrowed to it.
func arnOf(ctx context.Context, cfg aws.Config, user string) (string, error) {
	out, err := iam.NewFromConfig(cfg).GetUser(ctx, &iam.GetUserInput{UserName: &user})
	if err != nil {
		return "", awsorg.Fault(err, "read user %s", user)
	}
	if out.User == nil || aws.ToString(out.User.Arn) == "" {
		return "", fault.New(fault.Unavailable, "read user %s: the API answered without an ARN", user)
	}
	return *out.User.Arn, nil
}

func lastUse(u *types.AccessKeyLastUsed) string {
	if u == nil || u.LastUsedDate == nil {
		return "never used, as far as AWS knows"
	}
	return fmt.Sprintf("last used %s, service %s in %s", u.LastUsedDate.UTC().Format(time.RFC3339), aws.ToString(u.ServiceName), aws.ToString(u.Region))
}

func noEntity(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "NoSuchEntity" || api.ErrorCode() == "NoSuchEntityException")
}
