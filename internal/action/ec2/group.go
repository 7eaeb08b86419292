package ec2

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action/ec2/port"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// group is one security group through one session.
type group struct {
	client *ec2.Client
	id     string
}

func open(cfg aws.Config, ref resource.Ref) group {
	return group{client: ec2.NewFromConfig(setting.At(cfg, ref)), id: ref.ID}
}

// openRules gives the ingress rules for the whole internet that contain one of the ports, in a stable order.
func (g group) openRules(ctx context.Context, ports []port.Range) ([]rule, error) {
	var out []rule
	pages := ec2.NewDescribeSecurityGroupRulesPaginator(g.client, &ec2.DescribeSecurityGroupRulesInput{Filters: g.filter("group-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "read the rules of %s", g.id)
		}
		for _, r := range page.SecurityGroupRules {
			if aws.ToString(r.GroupId) != g.id || aws.ToBool(r.IsEgress) {
				continue
			}
			o := rule{
				ID: aws.ToString(r.SecurityGroupRuleId), Protocol: aws.ToString(r.IpProtocol), CIDR: aws.ToString(r.CidrIpv4) + aws.ToString(r.CidrIpv6),
				From: aws.ToInt32(r.FromPort), To: aws.ToInt32(r.ToPort), Description: aws.ToString(r.Description),
			}
			if world(o.CIDR) && o.contains(ports) {
				out = append(out, o)
			}
		}
	}
	slices.SortFunc(out, func(a, b rule) int { return strings.Compare(a.String()+a.ID, b.String()+b.ID) })
	return out, nil
}

// The widest ranges that are not the world, as in the expectations: nobody owns a wider one, and two halves of the address
// space open a group as well as the whole does.
const (
	minBits4 = 8
	minBits6 = 16
)

// world reports whether a range is so wide that strangers are in it, however it is written.
func world(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	switch {
	case err != nil:
		return false
	case p.Addr().Is4():
		return p.Bits() < minBits4
	}
	return p.Bits() < minBits6
}

func (g group) filter(name string) []types.Filter {
	return []types.Filter{{Name: aws.String(name), Values: []string{g.id}}}
}

// managed are signs of a controller that owns the group and would put its rules back.
var managed = []string{"aws:eks:cluster-name", "elbv2.k8s.aws/cluster", "aws:elasticmapreduce:job-flow-id"}

// look says whether software must keep off the group, and what it protects.
func (g group) look(ctx context.Context) (refused string, protects []string, err error) {
	out, err := g.client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{g.id}})
	if err != nil {
		return "", nil, awsorg.Fault(err, "read security group %s", g.id)
	}
	if len(out.SecurityGroups) != 1 {
		return "", nil, fault.New(fault.Unavailable, "read security group %s: the API answered with %d groups", g.id, len(out.SecurityGroups))
	}
	for _, t := range out.SecurityGroups[0].Tags {
		key := aws.ToString(t.Key)
		if slices.Contains(managed, key) || (strings.HasPrefix(key, "kubernetes.io/cluster/") && aws.ToString(t.Value) == "owned") {
			return fmt.Sprintf("the group belongs to a service (tag %s): change it through its owner", key), nil, nil
		}
	}
	pages := ec2.NewDescribeNetworkInterfacesPaginator(g.client, &ec2.DescribeNetworkInterfacesInput{Filters: g.filter("group-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", nil, awsorg.Fault(err, "read what %s protects", g.id)
		}
		for _, n := range page.NetworkInterfaces {
			if service := serviceOf(n); service != "" {
				return fmt.Sprintf("interface %s of the group belongs to %s: change it through its owner", aws.ToString(n.NetworkInterfaceId), service), nil, nil
			}
			protects = append(protects, describe(n))
		}
	}
	return "", protects, nil
}

// ours are the interface types that customers run themselves; all others are some service's (load balancers, Lambda, NAT,
// endpoints, and what AWS will invent).
var ours = []types.NetworkInterfaceType{"", "interface", "efa", "efa-only", "trunk", "branch"}

// serviceOf names the service that manages an interface, empty when nobody does.
func serviceOf(n types.NetworkInterface) string {
	switch {
	case n.Operator != nil && aws.ToBool(n.Operator.Managed):
		return "service " + aws.ToString(n.Operator.Principal)
	case !slices.Contains(ours, n.InterfaceType):
		return "a " + string(n.InterfaceType)
	case aws.ToBool(n.RequesterManaged), strings.HasPrefix(aws.ToString(n.Description), "ELB "):
		return fmt.Sprintf("a service (%s %s)", aws.ToString(n.RequesterId), aws.ToString(n.Description))
	}
	return ""
}

func describe(n types.NetworkInterface) string {
	text := "interface " + aws.ToString(n.NetworkInterfaceId)
	if n.Attachment != nil && aws.ToString(n.Attachment.InstanceId) != "" {
		text += " of instance " + aws.ToString(n.Attachment.InstanceId)
	}
	if n.Association != nil && aws.ToString(n.Association.PublicIp) != "" {
		text += " at " + aws.ToString(n.Association.PublicIp)
	}
	return text
}

// gone reports whether the API named the group as not existing.
func gone(err error) bool {
	return named(err, "InvalidGroup.NotFound") || named(err, "InvalidGroupId.NotFound")
}

// named reports whether the API named exactly this fault.
func named(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}
