package iam

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// keyState is an access key as it is now.
type keyState struct {
	User   string
	ARN    string // the user's
	Status string
	Root   bool `json:",omitempty"` // it is the root user's
}

// key is what the API says of one.
type key struct {
	User   string
	Status string
	Used   string // when and where last, for people
	Others int    // active keys that the user has besides
}

// lookKey reads a key and whose it is.
func lookKey(ctx context.Context, cfg aws.Config, t effect.Target) (keyState, error) {
	k, err := look(ctx, cfg, t.Ref.ID)
	if errors.Is(err, errRoot) {
		return keyState{Root: true}, nil
	}
	if err != nil {
		return keyState{}, err
	}
	w, err := whoIs(ctx, cfg, resource.Ref{Type: resource.User, Account: t.Ref.Account, ID: k.User})
	return keyState{User: k.User, ARN: w.ARN, Status: k.Status}, err
}

// errRoot says that the key is the root user's, which no API of IAM shows or changes.
var errRoot = fault.New(fault.Denied, "the key belongs to the account's root user: only that user can change it")

// userForm is what the name of an IAM user looks like; IAM gives other words for the root user.
var userForm = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

// look finds the key's user and the key. The ID alone is known: a leaked key does not say whose it is.
func look(ctx context.Context, cfg aws.Config, id string) (key, error) {
	client := iam.NewFromConfig(cfg)
	used, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id})
	if noEntity(err) {
		return key{}, setting.Gone("the access key")
	}
	if err != nil {
		return key{}, awsorg.Fault(err, "find the user of access key %s", id)
	}
	k := key{User: aws.ToString(used.UserName), Used: lastUse(used.AccessKeyLastUsed)}
	if k.User == "" {
		return key{}, fault.New(fault.Unavailable, "find the user of access key %s: the API answered without one", id)
	}
	if !userForm.MatchString(k.User) {
		return key{}, errRoot
	}
	found := false
	pages := iam.NewListAccessKeysPaginator(client, &iam.ListAccessKeysInput{UserName: &k.User})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return key{}, unlisted(err, k.User)
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
		return key{}, setting.Gone("the access key")
	}
	return k, nil
}

// unlisted is why the keys of a user could not be listed. A user that IAM has just named and does not know is the root user or a
// contradiction: it must not make a key that still works gone.
func unlisted(err error, user string) error {
	switch {
	case noEntity(err) && strings.EqualFold(user, "root"):
		return errRoot
	case noEntity(err):
		return fault.Wrap(fault.Unavailable, err, "IAM names user %s for the key but does not know that user", user)
	}
	return awsorg.Fault(err, "list the access keys of user %s", user)
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
