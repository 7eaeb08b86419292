package sso

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
)

// Named tells the name and ARN of each permission set of an instance. A set that is deleted meanwhile has none.
func Named(ctx context.Context, cfg aws.Config, instance string, tell func(name, arn string)) error {
	client := ssoadmin.NewFromConfig(cfg)
	pages := ssoadmin.NewListPermissionSetsPaginator(client, &ssoadmin.ListPermissionSetsInput{InstanceArn: &instance})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return awsorg.Fault(err, "list the permission sets of %s", instance)
		}
		for _, arn := range page.PermissionSets {
			out, err := client.DescribePermissionSet(ctx, &ssoadmin.DescribePermissionSetInput{InstanceArn: &instance, PermissionSetArn: &arn})
			switch {
			case gone(err):
				continue
			case err != nil:
				return awsorg.Fault(err, "read permission set %s", arn)
			case out.PermissionSet == nil:
				return fault.New(fault.Unavailable, "the API answered without permission set %s", arn)
			}
			tell(aws.ToString(out.PermissionSet.Name), arn)
		}
	}
	return nil
}
