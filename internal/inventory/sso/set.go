package sso

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// set is a permission set.
type set struct {
	client        *ssoadmin.Client
	instance, arn string
}

// read gives what it allows, in the schema of AWS::SSO::PermissionSet. A set that is being deleted is unknown, never one that allows
// nothing.
func (s set) read(ctx context.Context) (inventory.Found, error) {
	out, err := s.client.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &s.instance, PermissionSetArn: &s.arn})
	if err != nil {
		return inventory.Found{}, err
	}
	if out.PermissionSet == nil {
		return inventory.Found{}, fault.New(fault.Unavailable, "the API answered without permission set %s", s.arn)
	}
	m := map[string]any{"InstanceArn": s.instance, "Name": aws.ToString(out.PermissionSet.Name)}
	if d := out.PermissionSet.SessionDuration; d != nil {
		m["SessionDuration"] = *d
	}
	managed := []any{}
	pages := ssoadmin.NewListManagedPoliciesInPermissionSetPaginator(s.client, &ssoadmin.ListManagedPoliciesInPermissionSetInput{InstanceArn: &s.instance, PermissionSetArn: &s.arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, p := range page.AttachedManagedPolicies {
			managed = append(managed, aws.ToString(p.Arn))
		}
	}
	m["ManagedPolicies"] = managed
	inline, err := s.client.GetInlinePolicyForPermissionSet(ctx, &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: &s.instance, PermissionSetArn: &s.arn})
	if err != nil {
		return inventory.Found{}, err
	}
	if text := aws.ToString(inline.InlinePolicy); text != "" {
		m["InlinePolicy"] = text
	}
	return inventory.Found{Value: m}, nil
}

// assignments gives who has the set, in every account that has it.
func (s set) assignments(ctx context.Context, like resource.Ref) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := ssoadmin.NewListAccountsForProvisionedPermissionSetPaginator(s.client, &ssoadmin.ListAccountsForProvisionedPermissionSetInput{InstanceArn: &s.instance, PermissionSetArn: &s.arn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, account := range page.AccountIds {
			refs, err := s.assigned(ctx, account, like)
			if err != nil {
				return nil, err
			}
			out = append(out, refs...)
		}
	}
	return out, nil
}

// assigned gives who has the set in an account.
func (s set) assigned(ctx context.Context, account string, like resource.Ref) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := ssoadmin.NewListAccountAssignmentsPaginator(s.client, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: &s.instance, PermissionSetArn: &s.arn, AccountId: &account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.AccountAssignments {
			like.ID = strings.Join([]string{s.instance, account, "AWS_ACCOUNT", s.arn, string(a.PrincipalType), aws.ToString(a.PrincipalId)}, "|")
			out = append(out, like)
		}
	}
	return out, nil
}
