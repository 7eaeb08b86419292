package ec2

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/fault"
)

// spot is a subnet, and the VPC that it is in.
type spot struct{ subnet, vpc string }

// routesOf gives the routes that count in any of the subnets, each table once.
func routesOf(ctx context.Context, client *ec2.Client, spots []spot) ([]any, error) {
	out, seen := []any{}, map[string]bool{}
	for _, s := range spots {
		table, err := tableOf(ctx, client, s)
		if err != nil {
			return nil, err
		}
		id := aws.ToString(table.RouteTableId)
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, r := range table.Routes {
			if made(r) {
				out = append(out, route(id, r))
			}
		}
	}
	return out, nil
}

// tableOf gives the route table of a subnet: its own or, where nobody gave it one, the main one of the VPC.
func tableOf(ctx context.Context, client *ec2.Client, s spot) (types.RouteTable, error) {
	own, err := tables(ctx, client, where("association.subnet-id", s.subnet), func(a types.RouteTableAssociation) bool {
		return aws.ToString(a.SubnetId) == s.subnet
	})
	if err != nil || len(own) > 0 {
		return first(own), err
	}
	if s.vpc == "" {
		return types.RouteTable{}, fault.New(fault.Unavailable, "the VPC of %s is not known, and so not its main route table", s.subnet)
	}
	main, err := tables(ctx, client, where("vpc-id", s.vpc, "association.main", "true"), func(a types.RouteTableAssociation) bool {
		return aws.ToBool(a.Main)
	})
	if err == nil && len(main) == 0 {
		err = fault.New(fault.Unavailable, "the API answered without the main route table of %s", s.vpc)
	}
	return first(main), err
}

func first(list []types.RouteTable) (t types.RouteTable) {
	if len(list) > 0 {
		t = list[0]
	}
	return t
}

// tables gives the route tables that a filter lets through and that have an association as it is wanted.
func tables(ctx context.Context, client *ec2.Client, filters []types.Filter, wanted func(types.RouteTableAssociation) bool) (out []types.RouteTable, err error) {
	pages := ec2.NewDescribeRouteTablesPaginator(client, &ec2.DescribeRouteTablesInput{Filters: filters})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range page.RouteTables {
			for _, a := range t.Associations {
				if wanted(a) {
					out = append(out, t)
					break
				}
			}
		}
	}
	return out, nil
}

// made reports whether a route is one that CloudFormation has as AWS::EC2::Route. The one to the VPC itself comes with the table, and
// those that a virtual private gateway hands on are switched on by AWS::EC2::VPNGatewayRoutePropagation.
func made(r types.Route) bool {
	return aws.ToString(r.GatewayId) != "local" && r.Origin != types.RouteOriginEnableVgwRoutePropagation
}

// route is an AWS::EC2::Route. One whose target is gone (a black hole) stays: it leads there again as soon as the target is back.
func route(table string, r types.Route) map[string]any {
	m := map[string]any{"RouteTableId": table}
	set(m, "CarrierGatewayId", r.CarrierGatewayId)
	set(m, "CoreNetworkArn", r.CoreNetworkArn)
	set(m, "DestinationCidrBlock", r.DestinationCidrBlock)
	set(m, "DestinationIpv6CidrBlock", r.DestinationIpv6CidrBlock)
	set(m, "DestinationPrefixListId", r.DestinationPrefixListId)
	set(m, "EgressOnlyInternetGatewayId", r.EgressOnlyInternetGatewayId)
	set(m, "InstanceId", r.InstanceId)
	set(m, "LocalGatewayId", r.LocalGatewayId)
	set(m, "NatGatewayId", r.NatGatewayId)
	set(m, "NetworkInterfaceId", r.NetworkInterfaceId)
	set(m, "OdbNetworkArn", r.OdbNetworkArn)
	set(m, "TransitGatewayId", r.TransitGatewayId)
	set(m, "VpcPeeringConnectionId", r.VpcPeeringConnectionId)
	gateway := "GatewayId"
	if strings.HasPrefix(aws.ToString(r.GatewayId), "vpce-") { // the API has endpoints among the gateways, CloudFormation has not
		gateway = "VpcEndpointId"
	}
	set(m, gateway, r.GatewayId)
	return m
}
