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

// ManagedPolicies reads AWS::IAM::ManagedPolicy: those of the account, not AWS's own. The ID is the ARN.
type ManagedPolicies struct{}

// Type is AWS::IAM::ManagedPolicy.
func (ManagedPolicies) Type() resource.Type { return resource.ManagedPolicy }

// Needs lists what the reader calls.
func (ManagedPolicies) Needs() []string {
	return []string{"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy", "iam:ListPolicies"}
}

// Read reads a policy's default version, and to whom it is attached.
func (ManagedPolicies) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := iam.NewFromConfig(cfg)
	out, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &ref.ID})
	switch {
	case noEntity(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.Policy == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a policy", ref)
	}
	p := out.Policy
	res := resource.Resource{Ref: ref, ARN: aws.ToString(p.Arn), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "ManagedPolicyName", p.PolicyName)
	set(res.Properties, "PolicyArn", p.Arn)
	set(res.Properties, "Path", p.Path)
	set(res.Properties, "Description", p.Description)
	res.Tags, _ = tagged(p.Tags) // CloudFormation's schema of it has none
	inventory.Together(ctx, &res, append(holders(client, ref.ID),
		inventory.Part{Path: "properties.PolicyDocument", Read: func(ctx context.Context) (inventory.Found, error) {
			v, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &ref.ID, VersionId: p.DefaultVersionId})
			if err != nil || v.PolicyVersion == nil {
				return inventory.Found{}, err
			}
			d, err := document(v.PolicyVersion.Document)
			return inventory.Found{Value: d}, err
		}}), func(error) bool { return false })
	inventory.Complete(&res)
	return res, nil
}

// holders are the names of users, groups and roles that a policy is attached to, one call a kind.
func holders(client *iam.Client, arn string) []inventory.Part {
	of := func(kind types.EntityType, names func(*iam.ListEntitiesForPolicyOutput) []any) func(context.Context) (inventory.Found, error) {
		return func(ctx context.Context) (inventory.Found, error) {
			all := []any{}
			pages := iam.NewListEntitiesForPolicyPaginator(client, &iam.ListEntitiesForPolicyInput{PolicyArn: &arn, EntityFilter: kind})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return inventory.Found{}, err
				}
				all = append(all, names(page)...)
			}
			return inventory.Found{Value: all, Absent: len(all) == 0}, nil
		}
	}
	return []inventory.Part{
		{Path: "properties.Users", Read: of(types.EntityTypeUser, func(o *iam.ListEntitiesForPolicyOutput) (out []any) {
			for _, u := range o.PolicyUsers {
				out = append(out, aws.ToString(u.UserName))
			}
			return out
		})},
		{Path: "properties.Groups", Read: of(types.EntityTypeGroup, func(o *iam.ListEntitiesForPolicyOutput) (out []any) {
			for _, g := range o.PolicyGroups {
				out = append(out, aws.ToString(g.GroupName))
			}
			return out
		})},
		{Path: "properties.Roles", Read: of(types.EntityTypeRole, func(o *iam.ListEntitiesForPolicyOutput) (out []any) {
			for _, r := range o.PolicyRoles {
				out = append(out, aws.ToString(r.RoleName))
			}
			return out
		})},
	}
}

// List gives the account's own policies.
func (ManagedPolicies) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := iam.NewListPoliciesPaginator(iam.NewFromConfig(cfg), &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list policies of %s", account)
		}
		for _, p := range page.Policies {
			out = append(out, resource.Ref{Type: resource.ManagedPolicy, Account: account, ID: aws.ToString(p.Arn)})
		}
	}
	return out, nil
}
