package ec2

import (
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// MachinePaths tells how an AWS::EC2::Instance may be reached: its elastic addresses, and the routes and network access lists of every
// subnet in which it has an interface.
type MachinePaths struct{}

// Type is AWS::EC2::Instance.
func (MachinePaths) Type() resource.Type { return "AWS::EC2::Instance" }

// Relations are those that are told.
func (MachinePaths) Relations() []string {
	return []string{"addresses", "network_acl_entries", "network_acls", "routes"}
}

// Needs lists what is called.
func (MachinePaths) Needs() []string {
	return []string{"ec2:DescribeAddresses", "ec2:DescribeInstances", "ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables"}
}

// Tell asks for them.
func (MachinePaths) Tell(ctx context.Context, cfg aws.Config, res *resource.Resource) {
	client := ec2.NewFromConfig(cfg)
	asks, read := paths(ctx, client, sync.OnceValues(func() ([]spot, error) { return spotsOf(ctx, client, res.ID) }))
	asks["addresses"] = func(ctx context.Context) (inventory.Found, error) { return found(addressesOf(ctx, client, res.ID)) }
	tell(ctx, res, asks)
	if l, err := read(); err == nil && l.differ {
		res.Unknown = append(res.Unknown, resource.Unknown{
			Path: "related.network_acl_entries", Cause: "its interfaces are in subnets with different network access lists",
		})
	}
}

// spotsOf gives the subnets of a machine's interfaces, each once, the first interface's first.
func spotsOf(ctx context.Context, client *ec2.Client, id string) (out []spot, err error) {
	pages := ec2.NewDescribeInstancesPaginator(client, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Reservations {
			for _, i := range r.Instances {
				out = append(out, spots(i)...)
			}
		}
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Unavailable, "the API answered without a subnet of %s", id)
	}
	return out, nil
}

func spots(i types.Instance) (out []spot) {
	add := func(subnet, vpc *string) {
		s := spot{aws.ToString(subnet), aws.ToString(vpc)}
		if s.subnet != "" && !slices.ContainsFunc(out, func(o spot) bool { return o.subnet == s.subnet }) {
			out = append(out, s)
		}
	}
	add(i.SubnetId, i.VpcId)
	for _, n := range i.NetworkInterfaces {
		add(n.SubnetId, n.VpcId) // which need not be in the same VPC
	}
	return out
}

// addressesOf gives the elastic addresses of a machine, as AWS::EC2::EIP. The API has no pages of them.
func addressesOf(ctx context.Context, client *ec2.Client, id string) ([]any, error) {
	out, err := client.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: where("instance-id", id)})
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, a := range out.Addresses {
		if aws.ToString(a.InstanceId) != id {
			continue
		}
		m := map[string]any{"InstanceId": id, "Domain": string(a.Domain), "Tags": tagList(a.Tags)}
		set(m, "AllocationId", a.AllocationId)
		set(m, "NetworkBorderGroup", a.NetworkBorderGroup)
		set(m, "PublicIp", a.PublicIp)
		set(m, "PublicIpv4Pool", a.PublicIpv4Pool)
		list = append(list, m)
	}
	return list, nil
}
