package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// VPCGateways tells which gateways an AWS::EC2::VPC has: to the internet, and virtual private ones.
type VPCGateways struct{}

// Type is AWS::EC2::VPC.
func (VPCGateways) Type() resource.Type { return "AWS::EC2::VPC" }

// Relations are those that are told.
func (VPCGateways) Relations() []string { return []string{"gateways"} }

// Needs lists what is called.
func (VPCGateways) Needs() []string {
	return []string{"ec2:DescribeInternetGateways", "ec2:DescribeVpnGateways"}
}

// Tell asks for both kinds, since AWS::EC2::VPCGatewayAttachment has both.
func (VPCGateways) Tell(ctx context.Context, cfg aws.Config, res *resource.Resource) {
	client := ec2.NewFromConfig(cfg)
	tell(ctx, res, map[string]ask{"gateways": func(ctx context.Context) (inventory.Found, error) {
		internet, err := internetGateways(ctx, client, res.ID)
		if err != nil {
			return inventory.Found{}, err
		}
		private, err := privateGateways(ctx, client, res.ID)
		return found(append(internet, private...), err)
	}})
}

func internetGateways(ctx context.Context, client *ec2.Client, vpc string) (out []any, err error) {
	pages := ec2.NewDescribeInternetGatewaysPaginator(client, &ec2.DescribeInternetGatewaysInput{Filters: where("attachment.vpc-id", vpc)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.InternetGateways {
			for _, a := range g.Attachments {
				if aws.ToString(a.VpcId) == vpc && a.State != types.AttachmentStatusDetached {
					out = append(out, map[string]any{"AttachmentType": "IGW", "InternetGatewayId": aws.ToString(g.InternetGatewayId), "VpcId": vpc})
				}
			}
		}
	}
	return out, nil
}

// privateGateways come without pages: an account has a few in a region.
func privateGateways(ctx context.Context, client *ec2.Client, vpc string) (out []any, err error) {
	all, err := client.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{Filters: where("attachment.vpc-id", vpc)})
	if err != nil {
		return nil, err
	}
	for _, g := range all.VpnGateways {
		for _, a := range g.VpcAttachments {
			if aws.ToString(a.VpcId) == vpc && a.State != types.AttachmentStatusDetached {
				out = append(out, map[string]any{"AttachmentType": "VGW", "VpnGatewayId": aws.ToString(g.VpnGatewayId), "VpcId": vpc})
			}
		}
	}
	return out, nil
}
