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

// run starts an instance with two interfaces in a network of its own.
func run(t *testing.T, owner aws.Config) (instance, vpc string) {
	c := ec2.NewFromConfig(owner)
	vpc = newVPC(t, owner)
	subnet := must[*ec2.CreateSubnetOutput](t)(c.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: aws.String("10.1.1.0/24")})).Subnet.SubnetId
	web := newGroup(t, owner, vpc, "web")
	out := must[*ec2.RunInstancesOutput](t)(c.RunInstances(t.Context(), &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		// With groups of the instance's own the emulator would count those to each interface for ever; AWS knows only those of interfaces.
		NetworkInterfaces: []ec2types.InstanceNetworkInterfaceSpecification{{DeviceIndex: aws.Int32(0), SubnetId: subnet, Groups: []string{web}}},
		MetadataOptions:   &ec2types.InstanceMetadataOptionsRequest{HttpTokens: ec2types.HttpTokensStateOptional, HttpEndpoint: ec2types.InstanceMetadataEndpointStateEnabled, HttpPutResponseHopLimit: aws.Int32(2)},
	}))
	instance = *out.Instances[0].InstanceId
	second := must[*ec2.CreateNetworkInterfaceOutput](t)(c.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{SubnetId: subnet, Groups: []string{web}})).NetworkInterface
	must[*ec2.AttachNetworkInterfaceOutput](t)(c.AttachNetworkInterface(t.Context(), &ec2.AttachNetworkInterfaceInput{InstanceId: &instance, NetworkInterfaceId: second.NetworkInterfaceId, DeviceIndex: aws.Int32(1)}))
	return instance, vpc
}

func newGroup(t *testing.T, owner aws.Config, vpc, name string) string {
	return *must[*ec2.CreateSecurityGroupOutput](t)(ec2.NewFromConfig(owner).CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name, VpcId: &vpc})).GroupId
}

func tokenless(t *testing.T, owner aws.Config, account string) effect.Target {
	id, _ := run(t, owner)
	return at(resource.Instance, account, id)
}

func look(t *testing.T, owner aws.Config, to effect.Target) ec2types.Instance {
	return must[*ec2.DescribeInstancesOutput](t)(ec2.NewFromConfig(owner).DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{to.Ref.ID}})).Reservations[0].Instances[0]
}

func metadataState(t *testing.T, owner aws.Config, to effect.Target) string {
	o := look(t, owner, to).MetadataOptions
	return fmt.Sprint(o.HttpTokens, o.HttpEndpoint, *o.HttpPutResponseHopLimit, o.HttpProtocolIpv6, o.InstanceMetadataTags)
}

func otherMetadata(t *testing.T, owner aws.Config, to effect.Target) {
	must[*ec2.ModifyInstanceMetadataOptionsOutput](t)(ec2.NewFromConfig(owner).ModifyInstanceMetadataOptions(t.Context(), &ec2.ModifyInstanceMetadataOptionsInput{
		InstanceId: &to.Ref.ID, HttpTokens: ec2types.HttpTokensStateOptional, HttpEndpoint: ec2types.InstanceMetadataEndpointStateEnabled, HttpPutResponseHopLimit: aws.Int32(9),
	}))
}

// empty makes a group without any rule; loose one that lets everything in and out.
func empty(t *testing.T, owner aws.Config, vpc, name string) string {
	id := newGroup(t, owner, vpc, name)
	g := must[*ec2.DescribeSecurityGroupsOutput](t)(ec2.NewFromConfig(owner).DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}})).SecurityGroups[0]
	must[*ec2.RevokeSecurityGroupEgressOutput](t)(ec2.NewFromConfig(owner).RevokeSecurityGroupEgress(t.Context(), &ec2.RevokeSecurityGroupEgressInput{GroupId: &id, IpPermissions: g.IpPermissionsEgress}))
	return id
}

func loose(t *testing.T, owner aws.Config, vpc, name string) string {
	id := newGroup(t, owner, vpc, name) // everything out is how a group begins
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(ec2.NewFromConfig(owner).AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &id, IpProtocol: aws.String("-1"), CidrIp: aws.String("0.0.0.0/0"),
	}))
	return id
}

func intruded(t *testing.T, owner aws.Config, account string) effect.Target {
	id, vpc := run(t, owner)
	return at(resource.Instance, account, id, "group", empty(t, owner, vpc, "quarantine"))
}

func placeState(t *testing.T, owner aws.Config, to effect.Target) string {
	nics := must[*ec2.DescribeNetworkInterfacesOutput](t)(ec2.NewFromConfig(owner).DescribeNetworkInterfaces(t.Context(), &ec2.DescribeNetworkInterfacesInput{
		Filters: []ec2types.Filter{{Name: aws.String("attachment.instance-id"), Values: []string{to.Ref.ID}}},
	})).NetworkInterfaces
	var out []string
	for _, n := range nics {
		row := *n.NetworkInterfaceId
		for _, g := range n.Groups {
			row += " " + *g.GroupId
		}
		out = append(out, row)
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func otherPlace(t *testing.T, owner aws.Config, to effect.Target) {
	nic := strings.Fields(placeState(t, owner, to))[0]
	must[*ec2.ModifyNetworkInterfaceAttributeOutput](t)(ec2.NewFromConfig(owner).ModifyNetworkInterfaceAttribute(t.Context(), &ec2.ModifyNetworkInterfaceAttributeInput{
		NetworkInterfaceId: &nic, Groups: []string{newGroup(t, owner, *look(t, owner, to).VpcId, "another")},
	}))
}

func evident(t *testing.T, owner aws.Config, account string) effect.Target {
	id, _ := run(t, owner)
	return at(resource.Instance, account, id, "ticket", "T-7")
}

func snapshotsState(t *testing.T, owner aws.Config, _ effect.Target) string {
	var out []string
	for _, s := range must[*ec2.DescribeSnapshotsOutput](t)(ec2.NewFromConfig(owner).DescribeSnapshots(t.Context(), &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}})).Snapshots {
		out = append(out, *s.SnapshotId+*s.VolumeId)
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func anotherDisk(t *testing.T, owner aws.Config, to effect.Target) {
	c := ec2.NewFromConfig(owner)
	disk := must[*ec2.CreateVolumeOutput](t)(c.CreateVolume(t.Context(), &ec2.CreateVolumeInput{AvailabilityZone: look(t, owner, to).Placement.AvailabilityZone, Size: aws.Int32(10)}))
	must[*ec2.AttachVolumeOutput](t)(c.AttachVolume(t.Context(), &ec2.AttachVolumeInput{InstanceId: &to.Ref.ID, VolumeId: disk.VolumeId, Device: aws.String("/dev/sdh")}))
}

func region(_ *testing.T, _ aws.Config, account string) effect.Target {
	return at(resource.VolumeEncryption, account, account)
}

func defaultState(t *testing.T, owner aws.Config, _ effect.Target) string {
	return fmt.Sprint(*must[*ec2.GetEbsEncryptionByDefaultOutput](t)(ec2.NewFromConfig(owner).GetEbsEncryptionByDefault(t.Context(), nil)).EbsEncryptionByDefault)
}

func sharedSnapshot(t *testing.T, owner aws.Config, account string) effect.Target {
	c := ec2.NewFromConfig(owner)
	disk := must[*ec2.CreateVolumeOutput](t)(c.CreateVolume(t.Context(), &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(10)}))
	id := must[*ec2.CreateSnapshotOutput](t)(c.CreateSnapshot(t.Context(), &ec2.CreateSnapshotInput{VolumeId: disk.VolumeId})).SnapshotId
	to := at(resource.SnapshotShare, account, *id, "accounts", "444455556666")
	shareSnapshot(t, owner, to, "444455556666", "222233334444")
	must[*ec2.ModifySnapshotAttributeOutput](t)(c.ModifySnapshotAttribute(t.Context(), &ec2.ModifySnapshotAttributeInput{
		SnapshotId: id, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, GroupNames: []string{"all"},
	}))
	return to
}

func shareSnapshot(t *testing.T, owner aws.Config, to effect.Target, accounts ...string) {
	must[*ec2.ModifySnapshotAttributeOutput](t)(ec2.NewFromConfig(owner).ModifySnapshotAttribute(t.Context(), &ec2.ModifySnapshotAttributeInput{
		SnapshotId: &to.Ref.ID, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, UserIds: accounts,
	}))
}

func snapshotShares(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, p := range must[*ec2.DescribeSnapshotAttributeOutput](t)(ec2.NewFromConfig(owner).DescribeSnapshotAttribute(t.Context(), &ec2.DescribeSnapshotAttributeInput{
		SnapshotId: &to.Ref.ID, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission,
	})).CreateVolumePermissions {
		out = append(out, string(p.Group)+aws.ToString(p.UserId))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func otherSnapshotShare(t *testing.T, owner aws.Config, to effect.Target) {
	shareSnapshot(t, owner, to, "777788889999")
}

func sharedImage(t *testing.T, owner aws.Config, account string) effect.Target {
	id, _ := run(t, owner)
	image := must[*ec2.CreateImageOutput](t)(ec2.NewFromConfig(owner).CreateImage(t.Context(), &ec2.CreateImageInput{InstanceId: &id, Name: aws.String("golden")})).ImageId
	to := at(resource.ImageShare, account, *image)
	shareImage(t, owner, to, ec2types.LaunchPermission{Group: ec2types.PermissionGroupAll}, ec2types.LaunchPermission{UserId: aws.String("444455556666")})
	return to
}

func shareImage(t *testing.T, owner aws.Config, to effect.Target, with ...ec2types.LaunchPermission) {
	must[*ec2.ModifyImageAttributeOutput](t)(ec2.NewFromConfig(owner).ModifyImageAttribute(t.Context(), &ec2.ModifyImageAttributeInput{
		ImageId: &to.Ref.ID, LaunchPermission: &ec2types.LaunchPermissionModifications{Add: with},
	}))
}

func imageShares(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, p := range must[*ec2.DescribeImageAttributeOutput](t)(ec2.NewFromConfig(owner).DescribeImageAttribute(t.Context(), &ec2.DescribeImageAttributeInput{
		ImageId: &to.Ref.ID, Attribute: ec2types.ImageAttributeNameLaunchPermission,
	})).LaunchPermissions {
		out = append(out, string(p.Group)+aws.ToString(p.UserId))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func otherImageShare(t *testing.T, owner aws.Config, to effect.Target) {
	shareImage(t, owner, to, ec2types.LaunchPermission{UserId: aws.String("777788889999")})
}

func addressed(t *testing.T, owner aws.Config, account string) effect.Target {
	id, _ := run(t, owner)
	c := ec2.NewFromConfig(owner)
	ip := must[*ec2.AllocateAddressOutput](t)(c.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	to := at(resource.Address, account, *ip.PublicIp+"|"+*ip.AllocationId)
	associate(t, owner, to, id, 0)
	return to
}

func associate(t *testing.T, owner aws.Config, to effect.Target, instance string, nth int) {
	nics := must[*ec2.DescribeNetworkInterfacesOutput](t)(ec2.NewFromConfig(owner).DescribeNetworkInterfaces(t.Context(), &ec2.DescribeNetworkInterfacesInput{
		Filters: []ec2types.Filter{{Name: aws.String("attachment.instance-id"), Values: []string{instance}}},
	})).NetworkInterfaces
	must[*ec2.AssociateAddressOutput](t)(ec2.NewFromConfig(owner).AssociateAddress(t.Context(), &ec2.AssociateAddressInput{
		AllocationId: aws.String(to.Ref.ID[strings.LastIndexByte(to.Ref.ID, '|')+1:]), NetworkInterfaceId: nics[nth].NetworkInterfaceId, PrivateIpAddress: nics[nth].PrivateIpAddress, AllowReassociation: aws.Bool(true),
	}))
}

func addressState(t *testing.T, owner aws.Config, to effect.Target) string {
	a := must[*ec2.DescribeAddressesOutput](t)(ec2.NewFromConfig(owner).DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{AllocationIds: []string{to.Ref.ID[strings.LastIndexByte(to.Ref.ID, '|')+1:]}})).Addresses[0]
	return aws.ToString(a.NetworkInterfaceId) + aws.ToString(a.PrivateIpAddress)
}

func elsewhere(t *testing.T, owner aws.Config, to effect.Target) {
	id, _ := run(t, owner)
	associate(t, owner, to, id, 0)
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

// TestIsolationLoosens: with a group that tracks nothing each interface passes through it, and a process that dies on the way goes on.
func TestIsolationLoosens(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := intruded(t, owner, account)
	to.Params["loosen"] = loose(t, owner, *look(t, owner, to).VpcId, "loose")
	before := placeState(t, owner, to)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.isolate-instance", to))
	if len(p.Calls) != 4 || strings.Contains(p.Diff, "go on until") {
		t.Fatalf("%d calls: %s", len(p.Calls), p.Diff)
	}
	nic := strings.Fields(before)[0]
	must[*ec2.ModifyNetworkInterfaceAttributeOutput](t)(ec2.NewFromConfig(owner).ModifyNetworkInterfaceAttribute(t.Context(), &ec2.ModifyNetworkInterfaceAttributeInput{
		NetworkInterfaceId: &nic, Groups: []string{to.Params["loosen"]}, // as the first call left it when the process died
	}))
	if r := must[effect.Result](t)(cat.Do(t.Context(), p)); r.Calls != 3 {
		t.Errorf("%+v, want the three calls that were left", r)
	}
	if k := must[effect.Check](t)(cat.Verify(t.Context(), p)); !k.Holds {
		t.Errorf("%+v", k)
	}
	if r := must[effect.Result](t)(cat.Undo(t.Context(), p)); r.Calls != 2 || placeState(t, owner, to) != before {
		t.Errorf("%+v: %s, was %s", r, placeState(t, owner, to), before)
	}
}

// TestCosts: what AWS bills for is said before it is done.
func TestCosts(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := evident(t, owner, account)
	anotherDisk(t, owner, to)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.snapshot-volumes", to))
	gb := 0
	for _, d := range must[*ec2.DescribeVolumesOutput](t)(ec2.NewFromConfig(owner).DescribeVolumes(t.Context(), nil)).Volumes {
		gb += int(*d.Size)
	}
	if p.Cost == nil || gb < 10 || p.Cost.USD != 0.05*float64(gb) || p.Cost.Per != "month" {
		t.Errorf("%+v for %d GB", p.Cost, gb)
	}
}
