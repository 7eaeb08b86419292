package cloudtrail

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Trails reads AWS::CloudTrail::Trail.
type Trails struct{}

// Type is AWS::CloudTrail::Trail.
func (Trails) Type() resource.Type { return resource.Trail }

// Needs lists what the reader calls.
func (Trails) Needs() []string {
	return []string{
		"cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors", "cloudtrail:GetTrail",
		"cloudtrail:GetTrailStatus", "cloudtrail:ListTags",
	}
}

// Read reads a trail.
func (Trails) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := cloudtrail.NewFromConfig(cfg)
	out, err := client.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: &ref.ID})
	switch {
	case gone(err):
		return resource.Resource{Ref: ref, Gone: true}, nil
	case err != nil:
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	case out.Trail == nil:
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without a trail", ref)
	}
	ref.Region = cfg.Region
	res := resource.Resource{Ref: ref, ARN: aws.ToString(out.Trail.TrailARN), Properties: properties(out.Trail), Related: map[string]any{}}
	t := reading{client: client, arn: out.Trail.TrailARN}
	if inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.IsLogging", Read: t.logging},
		{Path: "properties.EventSelectors", Read: t.selectors},
		{Path: "properties.AdvancedEventSelectors", Read: t.advanced},
		{Path: "properties.InsightSelectors", Read: t.insights},
		{Path: "tags", Read: t.tags},
	}, gone) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	inventory.Complete(&res)
	return res, nil
}

// List gives the trails whose home is the region. What an organisation's trail shows in its members belongs to somebody else.
func (Trails) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	out, err := cloudtrail.NewFromConfig(cfg).DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(false)})
	if err != nil {
		return nil, awsorg.Fault(err, "list trails of %s in %s", account, region)
	}
	var refs []resource.Ref
	for _, t := range out.TrailList {
		if aws.ToString(t.HomeRegion) == region && owner(aws.ToString(t.TrailARN)) == account {
			refs = append(refs, resource.Ref{Type: resource.Trail, Account: account, Region: region, ID: aws.ToString(t.Name)})
		}
	}
	return refs, nil
}

func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "TrailNotFoundException" || api.ErrorCode() == "TrailNotFound")
}

func properties(t *types.Trail) map[string]any {
	p := map[string]any{
		"TrailName": aws.ToString(t.Name), "Arn": aws.ToString(t.TrailARN), "IsMultiRegionTrail": aws.ToBool(t.IsMultiRegionTrail),
		"IsOrganizationTrail": aws.ToBool(t.IsOrganizationTrail), "IncludeGlobalServiceEvents": aws.ToBool(t.IncludeGlobalServiceEvents),
		"EnableLogFileValidation": aws.ToBool(t.LogFileValidationEnabled),
	}
	for name, v := range map[string]*string{
		"S3BucketName": t.S3BucketName, "S3KeyPrefix": t.S3KeyPrefix, "KMSKeyId": t.KmsKeyId, "SnsTopicArn": t.SnsTopicARN,
		"CloudWatchLogsLogGroupArn": t.CloudWatchLogsLogGroupArn, "CloudWatchLogsRoleArn": t.CloudWatchLogsRoleArn,
	} {
		if aws.ToString(v) != "" {
			p[name] = *v
		}
	}
	return p
}
