package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Users reads AWS::IAM::User. LoginProfile is there when the user may sign in to the console; related are "policies", the documents
// of its own policies and of those attached to it, "access_keys" and "mfa".
type Users struct{}

// Type is AWS::IAM::User.
func (Users) Type() resource.Type { return resource.User }

// Needs lists what the reader calls.
func (Users) Needs() []string {
	return []string{
		"iam:GetLoginProfile", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetUser", "iam:GetUserPolicy", "iam:ListAccessKeys",
		"iam:ListAttachedUserPolicies", "iam:ListGroupsForUser", "iam:ListMFADevices", "iam:ListUserPolicies", "iam:ListUsers",
	}
}

// Read reads a user, with what it may do and how it signs in.
func (Users) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := iam.NewFromConfig(cfg)
	out, err := client.GetUser(ctx, &iam.GetUserInput{UserName: &ref.ID})
	switch {
	case noEntity(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.User == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a user", ref)
	}
	u := out.User
	res := resource.Resource{Ref: ref, ARN: aws.ToString(u.Arn), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "UserName", u.UserName)
	set(res.Properties, "Arn", u.Arn)
	set(res.Properties, "Path", u.Path)
	if u.PermissionsBoundary != nil {
		set(res.Properties, "PermissionsBoundary", u.PermissionsBoundary.PermissionsBoundaryArn)
	}
	var list []any
	res.Tags, list = tagged(u.Tags)
	res.Properties["Tags"] = list
	p := person{client, ref.ID}
	parts := append(holdings{client: client, inline: p.inline, attached: p.attached}.parts(),
		inventory.Part{Path: "properties.Groups", Read: p.groups},
		inventory.Part{Path: "properties.LoginProfile", Read: p.console},
		inventory.Part{Path: "related.access_keys", Read: p.keys},
		inventory.Part{Path: "related.mfa", Read: p.mfa},
	)
	inventory.Together(ctx, &res, parts, func(error) bool { return false })
	inventory.Complete(&res)
	return res, nil
}

// List gives the account's users.
func (Users) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := iam.NewListUsersPaginator(iam.NewFromConfig(cfg), &iam.ListUsersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list users of %s", account)
		}
		for _, u := range page.Users {
			out = append(out, resource.Ref{Type: resource.User, Account: account, ID: aws.ToString(u.UserName)})
		}
	}
	return out, nil
}

// person is a user that is being read.
type person struct {
	client *iam.Client
	name   string
}

func (p person) inline(ctx context.Context) ([]any, error) {
	var out []any
	pages := iam.NewListUserPoliciesPaginator(p.client, &iam.ListUserPoliciesInput{UserName: &p.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range page.PolicyNames {
			policy, err := p.client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &p.name, PolicyName: &name})
			if err != nil {
				return nil, err
			}
			entry, err := inline(policy.PolicyName, policy.PolicyDocument)
			if err != nil {
				return nil, err
			}
			out = append(out, entry)
		}
	}
	return out, nil
}

func (p person) attached(ctx context.Context) ([]types.AttachedPolicy, error) {
	var out []types.AttachedPolicy
	pages := iam.NewListAttachedUserPoliciesPaginator(p.client, &iam.ListAttachedUserPoliciesInput{UserName: &p.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, page.AttachedPolicies...)
	}
	return out, nil
}

func (p person) groups(ctx context.Context) (inventory.Found, error) {
	names := []any{}
	pages := iam.NewListGroupsForUserPaginator(p.client, &iam.ListGroupsForUserInput{UserName: &p.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, g := range page.Groups {
			names = append(names, aws.ToString(g.GroupName))
		}
	}
	return inventory.Found{Value: names, Absent: len(names) == 0}, nil
}

// console is whether the user has a password.
func (p person) console(ctx context.Context) (inventory.Found, error) {
	out, err := p.client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &p.name})
	if noEntity(err) {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil || out.LoginProfile == nil {
		return inventory.Found{}, err
	}
	return inventory.Found{Value: map[string]any{"PasswordResetRequired": out.LoginProfile.PasswordResetRequired}}, nil
}

func (p person) keys(ctx context.Context) (inventory.Found, error) {
	keys, err := list(ctx, p.client, p.name)
	if err != nil {
		return inventory.Found{}, err
	}
	out := []any{}
	for _, k := range keys {
		out = append(out, properties(&k))
	}
	return inventory.Found{Value: out}, nil
}

func (p person) mfa(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	pages := iam.NewListMFADevicesPaginator(p.client, &iam.ListMFADevicesInput{UserName: &p.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, d := range page.MFADevices {
			out = append(out, map[string]any{"SerialNumber": aws.ToString(d.SerialNumber)})
		}
	}
	return inventory.Found{Value: out}, nil
}
