package builtin_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

func networkCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"ec2.close-default-group":        {Make: defaultGroup, State: rulesState, Disturb: anotherRule},
		"ec2.require-imdsv2":             {Make: tokenless, State: metadataState, Disturb: otherMetadata},
		"ec2.isolate-instance":           {Make: intruded, State: placeState, Disturb: otherPlace},
		"ec2.snapshot-volumes":           {Make: evident, State: snapshotsState, Disturb: anotherDisk},
		"ec2.encrypt-volumes-by-default": {Make: region, State: defaultState},
		"ec2.unshare-snapshot":           {Make: sharedSnapshot, State: snapshotShares, Disturb: otherSnapshotShare},
		"ec2.unshare-image":              {Make: sharedImage, State: imageShares, Disturb: otherImageShare},
		"ec2.remove-public-ip":           {Make: addressed, State: addressState, Disturb: elsewhere},
		"ec2.deny-in-network-acl":        {Make: accessList, State: entriesState, Disturb: otherEntry},
		"ec2.enable-flow-logs":           {Make: silent, State: flowState, Disturb: otherFlow},
	}
}

func at(kind resource.Type, account, id string, params ...string) effect.Target {
	to := effect.Target{Ref: resource.Ref{Type: kind, Account: account, Region: "us-east-1", ID: id}}
	for i := 0; i < len(params); i += 2 {
		if to.Params == nil {
			to.Params = map[string]string{}
		}
		to.Params[params[i]] = params[i+1]
	}
	return to
}

func defaultGroup(t *testing.T, owner aws.Config, account string) effect.Target {
	c := ec2.NewFromConfig(owner)
	vpc := newVPC(t, owner)
	groups := must[*ec2.DescribeSecurityGroupsOutput](t)(c.DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{Filters: []ec2types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{vpc}}, {Name: aws.String("group-name"), Values: []string{"default"}},
	}})).SecurityGroups
	id := groups[0].GroupId
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(c.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []ec2types.IpPermission{
		{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5433), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("10.0.0.0/8"), Description: aws.String("office")}}},
		{IpProtocol: aws.String("-1"), UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: id}}},
	}}))
	return at(resource.SecurityGroup, account, *id)
}

func newVPC(t *testing.T, owner aws.Config) string {
	return *must[*ec2.CreateVpcOutput](t)(ec2.NewFromConfig(owner).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})).Vpc.VpcId
}

// rulesState is groupState with the groups that rules name, which it leaves out.
func rulesState(t *testing.T, owner aws.Config, to effect.Target) string {
	g := must[*ec2.DescribeSecurityGroupsOutput](t)(ec2.NewFromConfig(owner).DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{to.Ref.ID}})).SecurityGroups[0]
	rows := []string{groupState(t, owner, to)}
	for _, p := range append(g.IpPermissions, g.IpPermissionsEgress...) {
		for _, pair := range p.UserIdGroupPairs {
			rows = append(rows, *p.IpProtocol+" with "+*pair.GroupId)
		}
	}
	sort.Strings(rows)
	return strings.Join(rows, "\n")
}

func accessList(t *testing.T, owner aws.Config, account string) effect.Target {
	c, vpc := ec2.NewFromConfig(owner), newVPC(t, owner)
	lists := must[*ec2.DescribeNetworkAclsOutput](t)(c.DescribeNetworkAcls(t.Context(), &ec2.DescribeNetworkAclsInput{Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{vpc}}}}))
	to := at(resource.NetworkACL, account, *lists.NetworkAcls[0].NetworkAclId, "cidr", "198.51.100.0/24")
	denyEntry(t, owner, to, 1, "203.0.113.0/24")
	return to
}

func denyEntry(t *testing.T, owner aws.Config, to effect.Target, number int32, cidr string) {
	must[*ec2.CreateNetworkAclEntryOutput](t)(ec2.NewFromConfig(owner).CreateNetworkAclEntry(t.Context(), &ec2.CreateNetworkAclEntryInput{
		NetworkAclId: &to.Ref.ID, RuleNumber: &number, Egress: aws.Bool(false), Protocol: aws.String("-1"), RuleAction: ec2types.RuleActionDeny, CidrBlock: &cidr,
	}))
}

func entriesState(t *testing.T, owner aws.Config, to effect.Target) string {
	l := must[*ec2.DescribeNetworkAclsOutput](t)(ec2.NewFromConfig(owner).DescribeNetworkAcls(t.Context(), &ec2.DescribeNetworkAclsInput{NetworkAclIds: []string{to.Ref.ID}})).NetworkAcls[0]
	var out []string
	for _, e := range l.Entries {
		out = append(out, fmt.Sprint(*e.Egress, *e.RuleNumber, e.RuleAction, *e.Protocol, aws.ToString(e.CidrBlock)))
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func otherEntry(t *testing.T, owner aws.Config, to effect.Target) {
	denyEntry(t, owner, to, 2, "192.0.2.0/24")
}

func silent(t *testing.T, owner aws.Config, account string) effect.Target {
	to := at(resource.VPC, account, newVPC(t, owner), "bucket", newBucket(t, owner, "flow-"+account))
	flow(t, owner, to, ec2types.TrafficTypeReject, newBucket(t, owner, "rejects-"+account))
	return to
}

func newBucket(t *testing.T, owner aws.Config, name string) (arn string) {
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(owner).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))
	return "arn:aws:s3:::" + name
}

func flow(t *testing.T, owner aws.Config, to effect.Target, traffic ec2types.TrafficType, bucket string) {
	must[*ec2.CreateFlowLogsOutput](t)(ec2.NewFromConfig(owner).CreateFlowLogs(t.Context(), &ec2.CreateFlowLogsInput{
		ResourceIds: []string{to.Ref.ID}, ResourceType: ec2types.FlowLogsResourceTypeVpc, TrafficType: traffic, LogDestinationType: ec2types.LogDestinationTypeS3, LogDestination: &bucket,
	}))
}

func flowState(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, l := range must[*ec2.DescribeFlowLogsOutput](t)(ec2.NewFromConfig(owner).DescribeFlowLogs(t.Context(), &ec2.DescribeFlowLogsInput{
		Filter: []ec2types.Filter{{Name: aws.String("resource-id"), Values: []string{to.Ref.ID}}},
	})).FlowLogs {
		out = append(out, *l.FlowLogId+string(l.TrafficType)+*l.LogDestination)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func otherFlow(t *testing.T, owner aws.Config, to effect.Target) {
	flow(t, owner, to, ec2types.TrafficTypeAccept, newBucket(t, owner, "other-"+to.Ref.Account))
}

// TestPlanOfNetworks: what the actions on networks and machines refuse, what they find nothing in, and what they say.
func TestPlanOfNetworks(t *testing.T) {
	cat, _, server := catalogue(t)
	same := func(*testing.T, aws.Config, *effect.Target) {}
	param := func(name, value string) func(*testing.T, aws.Config, *effect.Target) {
		return func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params[name] = value }
	}
	for name, c := range map[string]struct {
		from     func(*testing.T, aws.Config, string) effect.Target
		turn     func(*testing.T, aws.Config, *effect.Target)
		id, want string
	}{
		"a chosen group": {openGroup, same, "ec2.close-default-group", "refused: the group is no default group"},
		"gone":           {tokenless, func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID = "i-0a1b2c3d4e5f60718" }, "ec2.require-imdsv2", "nothing: it does not exist any more"},
		"ended": {tokenless, func(t *testing.T, o aws.Config, to *effect.Target) {
			must[*ec2.TerminateInstancesOutput](t)(ec2.NewFromConfig(o).TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{to.Ref.ID}}))
		}, "ec2.require-imdsv2", "nothing: it does not exist any more"},
		"no such quarantine": {intruded, param("group", "sg-0a1b2c3d4e5f60718"), "ec2.isolate-instance", "refused: there is no group sg-0a1b2c3d4e5f60718"},
		"an open quarantine": {intruded, func(t *testing.T, o aws.Config, to *effect.Target) {
			to.Params["group"] = newGroup(t, o, *look(t, o, *to).VpcId, "leaky")
		}, "ec2.isolate-instance", "has rules: out: all traffic with 0.0.0.0/0"},
		"a tight loosener": {intruded, func(t *testing.T, o aws.Config, to *effect.Target) {
			to.Params["loosen"] = newGroup(t, o, *look(t, o, *to).VpcId, "tight")
		}, "ec2.isolate-instance", "refused: group sg-"},
		"one account more":   {sharedSnapshot, same, "ec2.unshare-snapshot", "loses: everybody with an AWS account; account 444455556666"},
		"everybody alone":    {sharedImage, same, "ec2.unshare-image", `"UserGroups":["all"]`},
		"all of them":        {sharedImage, func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params = map[string]string{"accounts": "all"} }, "ec2.unshare-image", `"UserIds":["444455556666"]`},
		"the lowest number":  {accessList, same, "ec2.deny-in-network-acl", `"Egress":false,"NetworkAclId":"%I","Protocol":"-1","RuleAction":"deny","RuleNumber":2`},
		"out too":            {accessList, same, "ec2.deny-in-network-acl", `"Egress":true,"NetworkAclId":"%I","Protocol":"-1","RuleAction":"deny","RuleNumber":1`},
		"the network itself": {accessList, param("cidr", "10.1.7.0/24"), "ec2.deny-in-network-acl", "refused: 10.1.7.0/24 is in the network's own range"},
		"too wide":           {accessList, param("cidr", "198.0.0.0/8"), "ec2.deny-in-network-acl", "refused: 198.0.0.0/8 is wider than /16"},
		"IPv6":               {accessList, param("cidr", "2001:db8:7::/48"), "ec2.deny-in-network-acl", `"Ipv6CidrBlock":"2001:db8:7::/48"`},
		"a part of it": {accessList, func(t *testing.T, o aws.Config, to *effect.Target) {
			to.Params["cidr"] = "203.0.113.7/32"
		}, "ec2.deny-in-network-acl", `"CidrBlock":"203.0.113.7/32","Egress":true`},
		"full": {accessList, func(t *testing.T, o aws.Config, to *effect.Target) {
			for n := int32(2); n <= 20; n++ {
				denyEntry(t, o, *to, n, fmt.Sprintf("192.0.2.%d/32", n))
			}
		}, "ec2.deny-in-network-acl", "refused: the list is full"},
		"an early allow": {accessList, func(t *testing.T, o aws.Config, to *effect.Target) {
			must[*ec2.CreateNetworkAclEntryOutput](t)(ec2.NewFromConfig(o).CreateNetworkAclEntry(t.Context(), &ec2.CreateNetworkAclEntryInput{
				NetworkAclId: &to.Ref.ID, RuleNumber: aws.Int32(1), Egress: aws.Bool(true), Protocol: aws.String("-1"), RuleAction: ec2types.RuleActionAllow, CidrBlock: aws.String("0.0.0.0/0"),
			}))
		}, "ec2.deny-in-network-acl", "refused: rule 1 lets in before"},
		"leads nowhere": {addressed, func(t *testing.T, o aws.Config, to *effect.Target) {
			ip := to.Ref.ID[:strings.IndexByte(to.Ref.ID, '|')]
			must[*ec2.DisassociateAddressOutput](t)(ec2.NewFromConfig(o).DisassociateAddress(t.Context(), &ec2.DisassociateAddressInput{PublicIp: &ip}))
		}, "ec2.remove-public-ip", "leads nowhere"},
		"written down already": {silent, func(t *testing.T, o aws.Config, to *effect.Target) {
			flow(t, o, *to, ec2types.TrafficTypeAll, newBucket(t, o, "all-"+to.Ref.Account))
		}, "ec2.enable-flow-logs", "nothing: all traffic is written down"},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := c.from(t, owner, account)
			c.turn(t, owner, &to)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to))
			if got, want := said(p), strings.ReplaceAll(c.want, "%I", to.Ref.ID); !strings.Contains(got, want) {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}
