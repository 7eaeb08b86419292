package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/resource"
)

// attached reports whether a managed policy is attached to a user, role or group.
func attached(ctx context.Context, cfg aws.Config, ref resource.Ref, arn string) (bool, error) {
	var from *string
	for {
		list, next, err := attachedPage(ctx, iam.NewFromConfig(cfg), ref, from)
		if err != nil {
			return false, awsorg.Fault(err, "list what is attached to %s %s", kind(ref), ref.ID)
		}
		for _, p := range list {
			if aws.ToString(p.PolicyArn) == arn {
				return true, nil
			}
		}
		if next == nil {
			return false, nil
		}
		from = next
	}
}

// attachedPage is one page of what is attached, and where the next begins.
func attachedPage(ctx context.Context, c *iam.Client, ref resource.Ref, from *string) (list []types.AttachedPolicy, next *string, err error) {
	more := false
	switch ref.Type {
	case resource.Role:
		var out *iam.ListAttachedRolePoliciesOutput
		if out, err = c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &ref.ID, Marker: from}); err == nil {
			list, next, more = out.AttachedPolicies, out.Marker, out.IsTruncated
		}
	case resource.Group:
		var out *iam.ListAttachedGroupPoliciesOutput
		if out, err = c.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: &ref.ID, Marker: from}); err == nil {
			list, next, more = out.AttachedPolicies, out.Marker, out.IsTruncated
		}
	default:
		var out *iam.ListAttachedUserPoliciesOutput
		if out, err = c.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: &ref.ID, Marker: from}); err == nil {
			list, next, more = out.AttachedPolicies, out.Marker, out.IsTruncated
		}
	}
	if !more {
		next = nil
	}
	return list, next, err
}
