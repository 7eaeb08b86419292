package ec2

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// SecurityGroups reads AWS::EC2::SecurityGroup. Every rule has SecurityGroupRuleId beside CloudFormation's keys and always has
// FromPort and ToPort (-1: all), so that an expectation can compare without asking first.
type SecurityGroups struct{}

// Type is AWS::EC2::SecurityGroup.
func (SecurityGroups) Type() resource.Type { return resource.SecurityGroup }

// Needs lists what the reader calls.
func (SecurityGroups) Needs() []string {
	return []string{
		"ec2:DescribeNetworkInterfaces",
		"ec2:DescribeSecurityGroupRules",
		"ec2:DescribeSecurityGroups",
	}
}

// Read reads a group, its rules and its interfaces.
func (SecurityGroups) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := ec2.NewFromConfig(cfg)
	out, err := client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{ref.ID}})
	if gone(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	if len(out.SecurityGroups) != 1 {
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered with %d groups", ref, len(out.SecurityGroups))
	}
	group := out.SecurityGroups[0]
	ref.Region = cfg.Region
	res := resource.Resource{Ref: ref, ARN: aws.ToString(group.SecurityGroupArn), Properties: properties(group), Related: map[string]any{}, Tags: map[string]string{}}
	for _, t := range group.Tags {
		res.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	if res.ARN == "" {
		res.ARN = "arn:" + awsorg.PartitionOf(cfg.Region) + ":ec2:" + cfg.Region + ":" + ref.Account + ":security-group/" + ref.ID
	}
	g := reading{client: client, id: ref.ID}
	missing := inventory.Together(ctx, &res, []inventory.Part{
		{Path: "related.rules", Read: g.rules},
		{Path: "related.interfaces", Read: g.interfaces},
	}, gone)
	if missing {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	spread(&res)
	return res, nil
}

// List gives the region's groups.
func (SecurityGroups) List(ctx context.Context, cfg aws.Config, account, region string) ([]resource.Ref, error) {
	var out []resource.Ref
	pages := ec2.NewDescribeSecurityGroupsPaginator(ec2.NewFromConfig(cfg), &ec2.DescribeSecurityGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list security groups of %s in %s", account, region)
		}
		for _, g := range page.SecurityGroups {
			out = append(out, resource.Ref{Type: resource.SecurityGroup, Account: account, Region: region, ID: aws.ToString(g.GroupId)})
		}
	}
	return out, nil
}

// gone reports whether the API named the group as not existing.
func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && (api.ErrorCode() == "InvalidGroup.NotFound" || api.ErrorCode() == "InvalidGroupId.NotFound")
}

func properties(g types.SecurityGroup) map[string]any {
	p := map[string]any{
		"GroupId": aws.ToString(g.GroupId), "GroupName": aws.ToString(g.GroupName), "GroupDescription": aws.ToString(g.Description),
		"SecurityGroupIngress": permissions(g.IpPermissions, "Source"), "SecurityGroupEgress": permissions(g.IpPermissionsEgress, "Destination"),
	}
	set(p, "VpcId", g.VpcId)
	tags := []any{}
	for _, t := range g.Tags {
		tags = append(tags, map[string]any{"Key": aws.ToString(t.Key), "Value": aws.ToString(t.Value)})
	}
	p["Tags"] = tags
	return p
}

// spread replaces the permissions by the rules, which say the same and have their IDs. Where the rules could not be read the
// permissions stay: they are complete, only the IDs are unknown.
func spread(res *resource.Resource) {
	rules, ok := res.Related["rules"].(map[string]any)
	delete(res.Related, "rules")
	if ok {
		res.Properties["SecurityGroupIngress"], res.Properties["SecurityGroupEgress"] = rules["ingress"], rules["egress"]
		return
	}
	for i := range res.Unknown {
		if res.Unknown[i].Path == "related.rules" {
			res.Unknown[i].Path = "properties.SecurityGroupIngress.SecurityGroupRuleId"
		}
	}
}

// set stores a text if there is one.
func set(m map[string]any, key string, value *string) {
	if value != nil && *value != "" {
		m[key] = *value
	}
}
