package builtin_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

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

// TestNeedsAreAskedFor: the responder gets what IAM asks for beside a call's own permission, and all of a region where there is no less.
func TestNeedsAreAskedFor(t *testing.T) {
	cat, org, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := evident(t, owner, account)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.snapshot-volumes", to))
	org.asked = nil
	must[effect.Result](t)(cat.Do(t.Context(), p))
	disk := *look(t, owner, to).BlockDeviceMappings[0].Ebs.VolumeId
	here := "arn:aws:ec2:us-east-1:" + account + ":"
	want := []awsorg.Permission{
		{Action: "ec2:CreateSnapshots", Resource: here + "instance/" + to.Ref.ID},
		{Action: "ec2:CreateSnapshots", Resource: here + "volume/" + disk},
		{Action: "ec2:CreateSnapshots", Resource: "arn:aws:ec2:us-east-1::snapshot/*"},
		{Action: "ec2:CreateTags", Resource: "arn:aws:ec2:us-east-1::snapshot/*"},
	}
	if d := cmp.Diff(want, org.asked); d != "" {
		t.Error(d)
	}
	p = must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.encrypt-volumes-by-default", region(t, owner, account)))
	org.asked = nil
	must[effect.Result](t)(cat.Do(t.Context(), p))
	if d := cmp.Diff([]awsorg.Permission{{Action: "ec2:EnableEbsEncryptionByDefault", Resource: "*"}}, org.asked); d != "" {
		t.Error(d)
	}
	p.Calls[0].Also = []effect.Need{{Permission: "iam:PassRole", Resource: "*"}}
	if r, err := cat.Do(t.Context(), p); !fault.Is(err, fault.Denied) {
		t.Errorf("a plan that needs more than the action declares: %+v, %v", r, err)
	}
}
