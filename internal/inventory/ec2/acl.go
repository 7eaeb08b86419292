package ec2

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/fault"
)

// lists are the network access lists before some subnets.
type lists struct {
	associations, entries []any
	differ                bool // not all subnets have the same one, so that the entries do not follow one another
}

// Numbers of entries: the last that can be written, and those with which AWS begins a default list (IPv4 and IPv6).
const (
	lastNumber = 32766
	allowFour  = 100
	allowSix   = 101
)

// listsOf gives the network access lists of subnets. A subnet that nobody gave one has the VPC's default list; as long as that is as
// AWS made it, it is none, as in a template that does not mention it.
func listsOf(ctx context.Context, client *ec2.Client, spots []spot) (l lists, err error) {
	l.associations, l.entries = []any{}, []any{}
	var ids []string
	for _, s := range spots {
		acl, err := listOf(ctx, client, s.subnet)
		if err != nil {
			return lists{}, err
		}
		id := aws.ToString(acl.NetworkAclId)
		if untouched(acl) {
			ids = append(ids, "")
			continue
		}
		l.associations = append(l.associations, association(acl, s.subnet))
		if slices.Contains(ids, id) {
			continue
		}
		ids = append(ids, id)
		for _, e := range acl.Entries {
			if number(e) > lastNumber { // the last one of each list refuses all, says AWS; CloudFormation does not mention it
				continue
			}
			m, err := entry(id, e)
			if err != nil {
				return lists{}, err
			}
			l.entries = append(l.entries, m)
		}
	}
	slices.Sort(ids)
	l.differ = len(slices.Compact(ids)) > 1
	return l, nil
}

// listOf gives the list of a subnet; each has one.
func listOf(ctx context.Context, client *ec2.Client, subnet string) (types.NetworkAcl, error) {
	pages := ec2.NewDescribeNetworkAclsPaginator(client, &ec2.DescribeNetworkAclsInput{Filters: where("association.subnet-id", subnet)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return types.NetworkAcl{}, err
		}
		for _, acl := range page.NetworkAcls {
			if slices.ContainsFunc(acl.Associations, func(a types.NetworkAclAssociation) bool { return aws.ToString(a.SubnetId) == subnet }) {
				return acl, nil
			}
		}
	}
	return types.NetworkAcl{}, fault.New(fault.Unavailable, "the API answered without the network access list of %s", subnet)
}

// untouched reports whether a list is a default one as AWS made it: it allows all, both ways, and has nothing else. It has entries for
// IPv6 once the VPC has addresses of it; the last one of those cannot be deleted, so it tells whether the first one was.
func untouched(acl types.NetworkAcl) bool {
	if !aws.ToBool(acl.IsDefault) {
		return false
	}
	allowed, last := map[bool]int{}, 0
	for _, e := range acl.Entries {
		n := number(e)
		first := n == allowFour && aws.ToString(e.CidrBlock) == "0.0.0.0/0" || n == allowSix && aws.ToString(e.Ipv6CidrBlock) == "::/0"
		switch {
		case n > lastNumber:
			last++
		case first && aws.ToString(e.Protocol) == "-1" && e.RuleAction == types.RuleActionAllow:
			allowed[aws.ToBool(e.Egress)]++
		default:
			return false
		}
	}
	return allowed[true] == allowed[false] && allowed[true] > 0 && allowed[true]+allowed[false] == last
}

func number(e types.NetworkAclEntry) int64 { return int64(aws.ToInt32(e.RuleNumber)) }

// association is an AWS::EC2::SubnetNetworkAclAssociation.
func association(acl types.NetworkAcl, subnet string) map[string]any {
	m := map[string]any{"NetworkAclId": aws.ToString(acl.NetworkAclId), "SubnetId": subnet}
	for _, a := range acl.Associations {
		if aws.ToString(a.SubnetId) == subnet {
			set(m, "AssociationId", a.NetworkAclAssociationId)
		}
	}
	return m
}

// entry is an AWS::EC2::NetworkAclEntry. The protocol is a number, which the API has as text.
func entry(acl string, e types.NetworkAclEntry) (map[string]any, error) {
	protocol, err := strconv.ParseInt(aws.ToString(e.Protocol), 10, 64)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the API answered with protocol %q in entry %d of %s", aws.ToString(e.Protocol), number(e), acl)
	}
	m := map[string]any{
		"NetworkAclId": acl, "Egress": aws.ToBool(e.Egress), "Protocol": protocol, "RuleAction": string(e.RuleAction), "RuleNumber": number(e),
	}
	set(m, "CidrBlock", e.CidrBlock)
	set(m, "Ipv6CidrBlock", e.Ipv6CidrBlock)
	if r := e.PortRange; r != nil && r.From != nil && r.To != nil {
		m["PortRange"] = map[string]any{"From": int64(*r.From), "To": int64(*r.To)}
	}
	if i := e.IcmpTypeCode; i != nil && i.Type != nil && i.Code != nil {
		m["Icmp"] = map[string]any{"Code": int64(*i.Code), "Type": int64(*i.Type)}
	}
	return m, nil
}
