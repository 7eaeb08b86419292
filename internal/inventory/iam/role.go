package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Roles reads AWS::IAM::Role, with the documents of all its policies as related "policies", and as related "use" when it was made and last
// used; LastUsedDate is not there when nobody has used it in the 400 days that IAM looks back.
type Roles struct{}

// Type is AWS::IAM::Role.
func (Roles) Type() resource.Type { return resource.Role }

// Needs lists what the reader calls.
func (Roles) Needs() []string {
	return []string{
		"iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
		"iam:ListRolePolicies", "iam:ListRoles",
	}
}

// Read reads a role and its policies.
func (Roles) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := iam.NewFromConfig(cfg)
	out, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: &ref.ID})
	switch {
	case noEntity(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.Role == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a role", ref)
	}
	r := out.Role
	res := resource.Resource{Ref: ref, ARN: aws.ToString(r.Arn), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "RoleName", r.RoleName)
	set(res.Properties, "Arn", r.Arn)
	set(res.Properties, "RoleId", r.RoleId)
	set(res.Properties, "Path", r.Path)
	set(res.Properties, "Description", r.Description)
	if r.MaxSessionDuration != nil {
		res.Properties["MaxSessionDuration"] = int64(*r.MaxSessionDuration)
	}
	if r.PermissionsBoundary != nil {
		set(res.Properties, "PermissionsBoundary", r.PermissionsBoundary.PermissionsBoundaryArn)
	}
	var list []any
	res.Tags, list = tagged(r.Tags)
	res.Properties["Tags"] = list
	parts := holdings{client: client, inline: roleInline(client, ref.ID), attached: roleAttached(client, ref.ID)}.parts()
	parts = append(parts, inventory.Part{Path: "properties.AssumeRolePolicyDocument", Read: func(context.Context) (inventory.Found, error) {
		d, err := document(r.AssumeRolePolicyDocument)
		return inventory.Found{Value: d}, err
	}})
	parts = append(parts, inventory.Part{Path: "related.use", Read: func(context.Context) (inventory.Found, error) { return useOf(r), nil }})
	inventory.Together(ctx, &res, parts, func(error) bool { return false }) // a policy that is not found says nothing about the role
	inventory.Complete(&res)
	return res, nil
}

// useOf is when a role was made and last used. To the day: IAM notes a use within hours, and a resource that changes with every use would be
// judged again each time.
func useOf(r *types.Role) inventory.Found {
	if r.CreateDate == nil {
		return inventory.Found{}
	}
	use := map[string]any{"CreateDate": r.CreateDate.UTC().Format(time.RFC3339)}
	if u := r.RoleLastUsed; u != nil && u.LastUsedDate != nil {
		use["LastUsedDate"] = u.LastUsedDate.UTC().Truncate(24 * time.Hour).Format(time.RFC3339)
	}
	return inventory.Found{Value: use}
}

// List gives the account's roles.
func (Roles) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := iam.NewListRolesPaginator(iam.NewFromConfig(cfg), &iam.ListRolesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list roles of %s", account)
		}
		for _, r := range page.Roles {
			out = append(out, resource.Ref{Type: resource.Role, Account: account, ID: aws.ToString(r.RoleName)})
		}
	}
	return out, nil
}

func roleInline(client *iam.Client, role string) func(context.Context) ([]any, error) {
	return func(ctx context.Context) ([]any, error) {
		var out []any
		pages := iam.NewListRolePoliciesPaginator(client, &iam.ListRolePoliciesInput{RoleName: &role})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, name := range page.PolicyNames {
				p, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
				if err != nil {
					return nil, err
				}
				entry, err := inline(p.PolicyName, p.PolicyDocument)
				if err != nil {
					return nil, err
				}
				out = append(out, entry)
			}
		}
		return out, nil
	}
}

func roleAttached(client *iam.Client, role string) func(context.Context) ([]types.AttachedPolicy, error) {
	return func(ctx context.Context) ([]types.AttachedPolicy, error) {
		var out []types.AttachedPolicy
		pages := iam.NewListAttachedRolePoliciesPaginator(client, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			out = append(out, page.AttachedPolicies...)
		}
		return out, nil
	}
}
