package world

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/resource"
)

// Group is a security group in an account, seen by its owner's client.
type Group struct {
	Account, ID string
	client      *ec2.Client
}

// NewGroup makes a security group with a network that must stay, and tags in pairs.
func (w *World) NewGroup(ctx context.Context, account, name string, tags ...string) (*Group, error) {
	g := &Group{Account: account, client: ec2.NewFromConfig(w.AWS.Config(account))}
	in := &ec2.CreateSecurityGroupInput{GroupName: &name, Description: aws.String("made for a demo")}
	if len(tags) > 0 {
		of := ec2types.TagSpecification{ResourceType: ec2types.ResourceTypeSecurityGroup}
		for i := 0; i+1 < len(tags); i += 2 {
			of.Tags = append(of.Tags, ec2types.Tag{Key: &tags[i], Value: &tags[i+1]})
		}
		in.TagSpecifications = append(in.TagSpecifications, of)
	}
	made, err := g.client.CreateSecurityGroup(ctx, in)
	if err != nil {
		return nil, err
	}
	g.ID = aws.ToString(made.GroupId)
	return g, g.letIn(ctx, ec2types.IpRange{CidrIp: aws.String("203.0.113.0/24"), Description: aws.String("office")})
}

func (g *Group) letIn(ctx context.Context, from ec2types.IpRange) error {
	_, err := g.client.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &g.ID, IpPermissions: []ec2types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{from},
	}}})
	return err
}

// Open lets the whole Internet in on port 22.
func (g *Group) Open(ctx context.Context) (Offence, error) {
	if err := g.letIn(ctx, ec2types.IpRange{CidrIp: aws.String("0.0.0.0/0")}); err != nil {
		return Offence{}, err
	}
	call := Call{
		Account: g.Account, Service: "ec2", Name: "AuthorizeSecurityGroupIngress", User: "kim",
		Request: map[string]any{"groupId": g.ID, "ipPermissions": map[string]any{"items": []any{map[string]any{
			"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": map[string]any{},
			"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "0.0.0.0/0"}}},
		}}}},
		Response: map[string]any{"_return": true},
	}
	return Offence{
		Title:   "port 22 is opened to the world: " + g.ID,
		Subject: resource.Ref{Type: resource.SecurityGroup, Account: g.Account, Region: Region, ID: g.ID}, Record: call.Record(), Effects: 1,
		Mended: g.closed,
	}, nil
}

// OpenSSH makes a security group and lets the whole Internet in on port 22, beside a network that must stay.
func (w *World) OpenSSH(ctx context.Context, account, name string) (Offence, error) {
	g, err := w.NewGroup(ctx, account, name)
	if err != nil {
		return Offence{}, err
	}
	return g.Open(ctx)
}

func (g *Group) closed(ctx context.Context) (bool, string, error) {
	out, err := g.client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{g.ID}})
	if err != nil {
		return false, "", err
	}
	var open, office bool
	var seen []string
	for _, p := range out.SecurityGroups[0].IpPermissions {
		for _, r := range p.IpRanges {
			cidr := aws.ToString(r.CidrIp)
			seen = append(seen, fmt.Sprintf("%d from %s", aws.ToInt32(p.FromPort), cidr))
			open = open || cidr == "0.0.0.0/0"
			office = office || cidr == "203.0.113.0/24"
		}
	}
	return !open && office, strings.Join(seen, ", "), nil
}
