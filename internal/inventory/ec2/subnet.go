package ec2

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// SubnetPaths tells where the traffic of an AWS::EC2::Subnet may go: its routes and the network access list before it. Routes and entries
// are those that a template would have, see made and untouched.
type SubnetPaths struct{}

// Type is AWS::EC2::Subnet.
func (SubnetPaths) Type() resource.Type { return "AWS::EC2::Subnet" }

// Relations are those that are told.
func (SubnetPaths) Relations() []string {
	return []string{"network_acl_entries", "network_acls", "routes"}
}

// Needs lists what is called.
func (SubnetPaths) Needs() []string {
	return []string{"ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables"}
}

// Tell asks for them.
func (SubnetPaths) Tell(ctx context.Context, cfg aws.Config, res *resource.Resource) {
	vpc, _ := res.Properties["VpcId"].(string)
	asks, _ := paths(ctx, ec2.NewFromConfig(cfg), func() ([]spot, error) { return []spot{{subnet: res.ID, vpc: vpc}}, nil })
	tell(ctx, res, asks)
}

// paths are what is asked for the routes and lists of subnets, which are found out first; the lists only once.
func paths(ctx context.Context, client *ec2.Client, spots func() ([]spot, error)) (asks map[string]ask, read func() (lists, error)) {
	read = sync.OnceValues(func() (lists, error) {
		at, err := spots()
		if err != nil {
			return lists{}, err
		}
		return listsOf(ctx, client, at)
	})
	return map[string]ask{
		"routes": func(ctx context.Context) (inventory.Found, error) {
			at, err := spots()
			if err != nil {
				return inventory.Found{}, err
			}
			return found(routesOf(ctx, client, at))
		},
		"network_acls": func(context.Context) (inventory.Found, error) {
			l, err := read()
			return found(l.associations, err)
		},
		"network_acl_entries": func(context.Context) (inventory.Found, error) {
			l, err := read()
			return found(l.entries, err)
		},
	}, read
}
