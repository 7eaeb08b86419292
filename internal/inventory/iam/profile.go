package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// InstanceProfiles reads AWS::IAM::InstanceProfile, by which machines get a role.
type InstanceProfiles struct{}

// Type is AWS::IAM::InstanceProfile.
func (InstanceProfiles) Type() resource.Type { return resource.InstanceProfile }

// Needs lists what the reader calls.
func (InstanceProfiles) Needs() []string {
	return []string{"iam:GetInstanceProfile", "iam:ListInstanceProfiles"}
}

// Read reads a profile with the name of its role.
func (InstanceProfiles) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	out, err := iam.NewFromConfig(cfg).GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &ref.ID})
	switch {
	case noEntity(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.InstanceProfile == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a profile", ref)
	}
	p := out.InstanceProfile
	res := resource.Resource{Ref: ref, ARN: aws.ToString(p.Arn), Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "InstanceProfileName", p.InstanceProfileName)
	set(res.Properties, "Arn", p.Arn)
	set(res.Properties, "Path", p.Path)
	roles := []any{}
	for _, r := range p.Roles {
		roles = append(roles, aws.ToString(r.RoleName))
	}
	res.Properties["Roles"] = roles
	res.Tags, _ = tagged(p.Tags) // CloudFormation's schema of it has none
	inventory.Complete(&res)
	return res, nil
}

// List gives the account's profiles.
func (InstanceProfiles) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := iam.NewListInstanceProfilesPaginator(iam.NewFromConfig(cfg), &iam.ListInstanceProfilesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list instance profiles of %s", account)
		}
		for _, p := range page.InstanceProfiles {
			out = append(out, resource.Ref{Type: resource.InstanceProfile, Account: account, ID: aws.ToString(p.InstanceProfileName)})
		}
	}
	return out, nil
}
