package sso

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Assignments reads AWS::SSO::Assignment. The ID is CloudFormation's: instance, account, type of target, permission set, type of
// principal and principal.
type Assignments struct{ watch inventory.Watch }

// Watching gives the reader that knows what is watched.
func (Assignments) Watching(w inventory.Watch) inventory.Reader { return Assignments{w} }

var _ inventory.Pager = Assignments{}

// Type is AWS::SSO::Assignment.
func (Assignments) Type() resource.Type { return resource.SSOAssignment }

// Needs lists what the reader calls.
func (Assignments) Needs() []string {
	return []string{
		"sso:DescribePermissionSet", "sso:GetInlinePolicyForPermissionSet", "sso:ListAccountAssignments",
		"sso:ListAccountsForProvisionedPermissionSet", "sso:ListInstances", "sso:ListManagedPoliciesInPermissionSet",
		"sso:ListPermissionSets",
	}
}

// names are the properties that an ID is made of, in order.
var names = []string{"InstanceArn", "TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId"}

// Parts are what the ID of an assignment is made of.
type Parts struct{ Instance, Account, Set, Kind, Principal string }

// Part takes the ID of an assignment apart.
func Part(ref resource.Ref) (Parts, error) {
	p := strings.Split(ref.ID, "|")
	if len(p) != len(names) {
		return Parts{}, fault.New(fault.Invalid, "read %s: want %s as its ID", ref, strings.Join(names, "|"))
	}
	return Parts{Instance: p[0], Account: p[1], Set: p[3], Kind: p[4], Principal: p[5]}, nil
}

// Read looks whether the assignment is there, and what it hands out.
func (Assignments) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	a, err := Part(ref)
	if err != nil {
		return resource.Resource{}, err
	}
	s := set{client: ssoadmin.NewFromConfig(cfg), instance: a.Instance, arn: a.Set}
	refs, err := s.assigned(ctx, a.Account, ref)
	if gone(err) || (err == nil && !slices.Contains(refs, ref)) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	res := resource.Resource{Ref: ref, Properties: map[string]any{}, Related: map[string]any{}}
	for i, value := range strings.Split(ref.ID, "|") {
		res.Properties[names[i]] = value
	}
	inventory.Together(ctx, &res, []inventory.Part{{Path: "related.permission_set", Read: s.read}}, func(error) bool { return false })
	return res, nil
}

func gone(err error) bool {
	_, none := errors.AsType[*types.ResourceNotFoundException](err)
	return none
}

// List gives all assignments.
func (a Assignments) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	var out []resource.Ref
	err := a.Pages(ctx, cfg, inventory.Place{Account: account, Region: region, Type: a.Type()}, "", func(part []resource.Ref, _ string) error {
		out = append(out, part...)
		return nil
	})
	return out, err
}

// Pages gives them permission set by permission set; a cursor is the last whose assignments were handed on. The region that Identity
// Center is not in has none.
func (a Assignments) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := ssoadmin.NewFromConfig(cfg)
	sets, err := a.sets(ctx, client, p.Account)
	if err != nil {
		return awsorg.Fault(err, "list permission sets in %s %s", p.Account, p.Region)
	}
	like := resource.Ref{Type: resource.SSOAssignment, Account: p.Account, Region: p.Region}
	for i, s := range sets {
		if s.arn <= from {
			continue
		}
		refs, err := s.assignments(ctx, like)
		if err != nil {
			return awsorg.Fault(err, "list the assignments of %s in %s", s.arn, p.Account)
		}
		next := s.arn
		if i == len(sets)-1 {
			next = ""
		}
		if err := do(refs, next); err != nil {
			return err
		}
	}
	return nil
}

// sets gives the permission sets in the order of their ARNs. Members are shown the organisation's instance too: only its owner lists
// it, and where that is not watched, the account that the settings name.
func (a Assignments) sets(ctx context.Context, client *ssoadmin.Client, account string) ([]set, error) {
	var out []set
	instances := ssoadmin.NewListInstancesPaginator(client, &ssoadmin.ListInstancesInput{})
	for instances.HasMorePages() {
		page, err := instances.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Instances {
			owner := aws.ToString(i.OwnerAccountId)
			if owner != "" && owner != account && (a.watch.Has(owner) || a.watch.Lister != account) {
				continue
			}
			pages := ssoadmin.NewListPermissionSetsPaginator(client, &ssoadmin.ListPermissionSetsInput{InstanceArn: i.InstanceArn})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				for _, arn := range page.PermissionSets {
					out = append(out, set{client: client, instance: aws.ToString(i.InstanceArn), arn: arn})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b set) int { return strings.Compare(a.arn, b.arn) })
	return out, nil
}
