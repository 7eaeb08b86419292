package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/inventory"
)

// reading is one group that is being read.
type reading struct {
	client *ec2.Client
	id     string
}

func (g reading) filter(name string) []types.Filter {
	return []types.Filter{{Name: aws.String(name), Values: []string{g.id}}}
}

// rules gives ingress and egress, one entry a rule.
func (g reading) rules(ctx context.Context) (inventory.Found, error) {
	in, out := []any{}, []any{}
	pages := ec2.NewDescribeSecurityGroupRulesPaginator(g.client, &ec2.DescribeSecurityGroupRulesInput{Filters: g.filter("group-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, r := range page.SecurityGroupRules {
			switch {
			case aws.ToString(r.GroupId) != g.id: // an emulator may not know the filter
			case aws.ToBool(r.IsEgress):
				out = append(out, rule(r, "Destination"))
			default:
				in = append(in, rule(r, "Source"))
			}
		}
	}
	return inventory.Found{Value: map[string]any{"ingress": in, "egress": out}}, nil
}

func rule(r types.SecurityGroupRule, side string) map[string]any {
	m := ports(r.IpProtocol, r.FromPort, r.ToPort)
	set(m, "SecurityGroupRuleId", r.SecurityGroupRuleId)
	set(m, "Description", r.Description)
	set(m, "CidrIp", r.CidrIpv4)
	set(m, "CidrIpv6", r.CidrIpv6)
	set(m, side+"PrefixListId", r.PrefixListId)
	if p := r.ReferencedGroupInfo; p != nil {
		set(m, side+"SecurityGroupId", p.GroupId)
		if side == "Source" {
			set(m, "SourceSecurityGroupOwnerId", p.UserId)
		}
	}
	return m
}

// permissions gives one entry for each peer, as CloudFormation has it.
func permissions(list []types.IpPermission, side string) []any {
	out := []any{}
	for _, p := range list {
		entry := func(key string, value, description *string) map[string]any {
			m := ports(p.IpProtocol, p.FromPort, p.ToPort)
			set(m, key, value)
			set(m, "Description", description)
			return m
		}
		for _, r := range p.IpRanges {
			out = append(out, entry("CidrIp", r.CidrIp, r.Description))
		}
		for _, r := range p.Ipv6Ranges {
			out = append(out, entry("CidrIpv6", r.CidrIpv6, r.Description))
		}
		for _, r := range p.PrefixListIds {
			out = append(out, entry(side+"PrefixListId", r.PrefixListId, r.Description))
		}
		for _, r := range p.UserIdGroupPairs {
			m := entry(side+"SecurityGroupId", r.GroupId, r.Description)
			if side == "Source" {
				set(m, "SourceSecurityGroupOwnerId", r.UserId)
			}
			out = append(out, m)
		}
	}
	return out
}

func ports(protocol *string, from, to *int32) map[string]any {
	m := map[string]any{"IpProtocol": aws.ToString(protocol), "FromPort": int64(-1), "ToPort": int64(-1)}
	if from != nil && to != nil {
		m["FromPort"], m["ToPort"] = int64(*from), int64(*to)
	}
	return m
}

// interfaces gives what the group protects, so that groups of a service or a load balancer can be told.
func (g reading) interfaces(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	pages := ec2.NewDescribeNetworkInterfacesPaginator(g.client, &ec2.DescribeNetworkInterfacesInput{Filters: g.filter("group-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, n := range page.NetworkInterfaces {
			out = append(out, networkInterface(n))
		}
	}
	return inventory.Found{Value: out}, nil
}

func networkInterface(n types.NetworkInterface) map[string]any {
	m := map[string]any{
		"NetworkInterfaceId": aws.ToString(n.NetworkInterfaceId), "InterfaceType": string(n.InterfaceType),
		"RequesterManaged": aws.ToBool(n.RequesterManaged), "Description": aws.ToString(n.Description), "Status": string(n.Status),
	}
	set(m, "RequesterId", n.RequesterId)
	if n.Attachment != nil {
		set(m, "InstanceId", n.Attachment.InstanceId)
		set(m, "InstanceOwnerId", n.Attachment.InstanceOwnerId)
	}
	if n.Association != nil {
		set(m, "PublicIp", n.Association.PublicIp)
	}
	if n.Operator != nil && aws.ToBool(n.Operator.Managed) {
		m["RequesterManaged"] = true
		set(m, "RequesterId", n.Operator.Principal)
	}
	return m
}
