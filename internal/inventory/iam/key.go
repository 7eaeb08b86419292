package iam

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// AccessKeys reads AWS::IAM::AccessKey. The ID is the key's; its user is asked for.
type AccessKeys struct{}

// Type is AWS::IAM::AccessKey.
func (AccessKeys) Type() resource.Type { return resource.AccessKey }

// Needs lists what the reader calls.
func (AccessKeys) Needs() []string {
	return []string{
		"iam:GetAccessKeyLastUsed",
		"iam:ListAccessKeys",
		"iam:GetUser",
		"iam:ListUsers",
		"iam:ListAttachedUserPolicies",
		"iam:ListUserPolicies",
	}
}

// Read reads a key, its user and when it was last used.
func (AccessKeys) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := iam.NewFromConfig(cfg)
	used, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &ref.ID})
	if noEntity(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "find the user of %s", ref)
	}
	user := aws.ToString(used.UserName)
	if user == "" {
		return resource.Resource{}, fault.New(fault.Unavailable, "find the user of %s: the API answered without one", ref)
	}
	if !userForm.MatchString(user) {
		return inventory.Unseen(ref, "it belongs to the account's root user, whose keys no API shows"), nil
	}
	key, err := find(ctx, client, user, ref.ID)
	switch {
	case noEntity(err): // the root user, or a contradiction: it must not make a key that still works gone
		return inventory.Unseen(ref, "IAM names user "+user+" for it but does not know that user"), nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s of user %s", ref, user)
	case key == nil:
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	res := resource.Resource{Ref: ref, Properties: properties(key), Related: map[string]any{}}
	o := owner{client: client, name: &user}
	inventory.Together(ctx, &res, []inventory.Part{
		{Path: "related.last_used", Read: func(context.Context) (inventory.Found, error) { return lastUsed(used.AccessKeyLastUsed), nil }},
		{Path: "related.user", Read: o.user},
		{Path: "related.user_attached", Read: o.attached},
		{Path: "related.user_inline", Read: o.inline},
	}, func(error) bool { return false }) // a part that is not found says nothing about the key
	join(&res)
	return res, nil
}

// List gives the keys of all users of the account.
func (AccessKeys) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	client := iam.NewFromConfig(cfg)
	var out []resource.Ref
	users := iam.NewListUsersPaginator(client, &iam.ListUsersInput{})
	for users.HasMorePages() {
		page, err := users.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list users of %s", account)
		}
		for _, u := range page.Users {
			keys, err := list(ctx, client, aws.ToString(u.UserName))
			if noEntity(err) { // the user was deleted in between
				continue
			}
			if err != nil {
				return nil, awsorg.Fault(err, "list access keys of %s in %s", aws.ToString(u.UserName), account)
			}
			for _, k := range keys {
				out = append(out, resource.Ref{Type: resource.AccessKey, Account: account, ID: aws.ToString(k.AccessKeyId)})
			}
		}
	}
	return out, nil
}

func list(ctx context.Context, client *iam.Client, user string) ([]types.AccessKeyMetadata, error) {
	var out []types.AccessKeyMetadata
	pages := iam.NewListAccessKeysPaginator(client, &iam.ListAccessKeysInput{UserName: &user})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, page.AccessKeyMetadata...)
	}
	return out, nil
}

// find gives the key among its user's, nil when it is not there.
func find(ctx context.Context, client *iam.Client, user, id string) (*types.AccessKeyMetadata, error) {
	keys, err := list(ctx, client, user)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if aws.ToString(k.AccessKeyId) == id {
			return &k, nil
		}
	}
	return nil, nil
}

// userForm is what the name of an IAM user looks like; IAM gives other words for the root user.
var userForm = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

func noEntity(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "NoSuchEntity" || api.ErrorCode() == "NoSuchEntityException")
}

func properties(k *types.AccessKeyMetadata) map[string]any {
	p := map[string]any{"Id": aws.ToString(k.AccessKeyId), "UserName": aws.ToString(k.UserName), "Status": string(k.Status)}
	if k.CreateDate != nil {
		p["CreateDate"] = k.CreateDate.UTC().Format(time.RFC3339)
	}
	return p
}

func lastUsed(u *types.AccessKeyLastUsed) inventory.Found {
	if u == nil {
		return inventory.Found{}
	}
	if u.LastUsedDate == nil { // never, or not since AWS began to keep it
		return inventory.Found{Absent: true}
	}
	return inventory.Found{Value: map[string]any{
		"LastUsedDate": u.LastUsedDate.UTC().Format(time.RFC3339), "ServiceName": aws.ToString(u.ServiceName), "Region": aws.ToString(u.Region),
	}}
}
