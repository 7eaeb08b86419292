package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Images reads jobzero::EC2::ImageShare: who else may start machines of an image. The ID is the image's.
type Images struct{}

// Type is the type of ours.
func (Images) Type() resource.Type { return resource.ImageShare }

// Needs lists what the reader calls.
func (Images) Needs() []string { return []string{"ec2:DescribeImageAttribute", "ec2:DescribeImages"} }

// Read reads an image of the account's own and to whom it is given.
func (Images) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := ec2.NewFromConfig(cfg)
	out, err := client.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{ref.ID}, Owners: []string{"self"}})
	if noImage(err) || (err == nil && len(out.Images) == 0) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	res := resource.Resource{Ref: ref, Tags: map[string]string{}, Properties: map[string]any{}, Related: map[string]any{}}
	set(res.Properties, "Name", out.Images[0].Name)
	for _, t := range out.Images[0].Tags {
		res.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if shares(ctx, &res, []string{"Accounts", "Organizations", "Public"}, func(ctx context.Context) (map[string]any, error) {
		out, err := client.DescribeImageAttribute(ctx, &ec2.DescribeImageAttributeInput{ImageId: &ref.ID, Attribute: types.ImageAttributeNameLaunchPermission})
		if err != nil {
			return nil, err
		}
		return launchers(out.LaunchPermissions), nil
	}, noImage) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	return res, nil
}

// launchers sorts permissions: accounts, organisations or units of them by ARN, and everybody.
func launchers(list []types.LaunchPermission) map[string]any {
	accounts, organizations, public := []any{}, []any{}, false
	for _, p := range list {
		public = public || p.Group == types.PermissionGroupAll
		if p.UserId != nil {
			accounts = append(accounts, *p.UserId)
		}
		for _, arn := range []*string{p.OrganizationArn, p.OrganizationalUnitArn} {
			if arn != nil {
				organizations = append(organizations, *arn)
			}
		}
	}
	return map[string]any{"Accounts": accounts, "Organizations": organizations, "Public": public}
}

func noImage(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "InvalidAMIID.NotFound" || api.ErrorCode() == "InvalidAMIID.Unavailable" || api.ErrorCode() == "InvalidAMIID.Malformed")
}

// List gives the account's own images.
func (i Images) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	return gathered(ctx, i, cfg, inventory.Place{Account: account, Region: region, Type: i.Type()})
}

// Pages gives them in parts.
func (Images) Pages(ctx context.Context, cfg aws.Config, p inventory.Place, from string, do inventory.Page) error {
	client := ec2.NewFromConfig(cfg)
	return paged(from, func(token *string) (refs []resource.Ref, next *string, err error) {
		out, err := client.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"self"}, MaxResults: aws.Int32(1000), NextToken: token})
		if err != nil {
			return nil, nil, awsorg.Fault(err, "list images of %s in %s", p.Account, p.Region)
		}
		for _, i := range out.Images {
			refs = append(refs, resource.Ref{Type: resource.ImageShare, Account: p.Account, Region: p.Region, ID: aws.ToString(i.ImageId)})
		}
		return refs, out.NextToken, nil
	}, do)
}
