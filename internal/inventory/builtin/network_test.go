package builtin_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/check"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/relate"
	"jobzero/internal/expect"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
	"jobzero/internal/testmoto"
)

// world is where a route to everywhere goes.
var world = aws.String("0.0.0.0/0")

// network is one that is built call by call, as the template beside it says.
type network struct {
	t       *testing.T
	ec2     *ec2.Client
	cfg     aws.Config
	account string
	vpc     *string
	gateway *string
	group   *string
	made    int
}

func build(t *testing.T) *network {
	t.Helper()
	n := &network{t: t, account: testmoto.Account()}
	n.cfg = testmoto.Shared(t).Config(n.account)
	n.ec2 = ec2.NewFromConfig(n.cfg)
	ctx := t.Context()
	n.vpc = must[*ec2.CreateVpcOutput](t)(n.ec2.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})).Vpc.VpcId
	n.gateway = must[*ec2.CreateInternetGatewayOutput](t)(n.ec2.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})).InternetGateway.InternetGatewayId
	must[*ec2.AttachInternetGatewayOutput](t)(n.ec2.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: n.gateway, VpcId: n.vpc}))
	n.group = must[*ec2.CreateSecurityGroupOutput](t)(n.ec2.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("ssh"), Description: aws.String("from everywhere"), VpcId: n.vpc,
	})).GroupId
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(n.ec2.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: n.group, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), CidrIp: world,
	}))
	return n
}

// subnet makes one; with a table of its own that leads to the gateway, or with nothing but the VPC's main one.
func (n *network) subnet(table bool) *string {
	n.t.Helper()
	ctx := n.t.Context()
	n.made++
	id := must[*ec2.CreateSubnetOutput](n.t)(n.ec2.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: n.vpc, CidrBlock: aws.String(fmt.Sprintf("10.0.%d.0/24", n.made))})).Subnet.SubnetId
	if table {
		own := must[*ec2.CreateRouteTableOutput](n.t)(n.ec2.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: n.vpc})).RouteTable.RouteTableId
		must[*ec2.CreateRouteOutput](n.t)(n.ec2.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: own, DestinationCidrBlock: world, GatewayId: n.gateway}))
		must[*ec2.AssociateRouteTableOutput](n.t)(n.ec2.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: own, SubnetId: id}))
	}
	return id
}

// list gives a subnet a network access list of its own.
func (n *network) list(subnet *string, entries ...ec2.CreateNetworkAclEntryInput) string {
	n.t.Helper()
	ctx := n.t.Context()
	acl := must[*ec2.CreateNetworkAclOutput](n.t)(n.ec2.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: n.vpc})).NetworkAcl.NetworkAclId
	for _, e := range entries {
		e.NetworkAclId, e.CidrBlock, e.Egress = acl, world, aws.Bool(false)
		must[*ec2.CreateNetworkAclEntryOutput](n.t)(n.ec2.CreateNetworkAclEntry(ctx, &e))
	}
	now := n.listOf(*subnet)
	for _, a := range now.Associations {
		if *a.SubnetId == *subnet {
			must[*ec2.ReplaceNetworkAclAssociationOutput](n.t)(n.ec2.ReplaceNetworkAclAssociation(ctx, &ec2.ReplaceNetworkAclAssociationInput{AssociationId: a.NetworkAclAssociationId, NetworkAclId: acl}))
		}
	}
	return *acl
}

func (n *network) listOf(subnet string) ec2types.NetworkAcl {
	n.t.Helper()
	return must[*ec2.DescribeNetworkAclsOutput](n.t)(n.ec2.DescribeNetworkAcls(n.t.Context(), &ec2.DescribeNetworkAclsInput{
		Filters: []ec2types.Filter{{Name: aws.String("association.subnet-id"), Values: []string{subnet}}},
	})).NetworkAcls[0]
}

// machine makes one with an elastic address, and gives it as Cloud Control would with what the walks tell beside it.
func (n *network) machine(subnet *string) resource.Resource {
	n.t.Helper()
	ctx := n.t.Context()
	id := must[*ec2.RunInstancesOutput](n.t)(n.ec2.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: subnet, SecurityGroupIds: []string{*n.group},
	})).Instances[0].InstanceId
	address := must[*ec2.AllocateAddressOutput](n.t)(n.ec2.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: ec2types.DomainTypeVpc}))
	must[*ec2.AssociateAddressOutput](n.t)(n.ec2.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: address.AllocationId, InstanceId: id}))
	res := n.bare("AWS::EC2::Instance", *id, object{"InstanceId": *id, "SubnetId": *subnet, "SecurityGroupIds": []any{*n.group}})
	res.Related["subnet"] = object{"MapPublicIpOnLaunch": false}
	res.Related["ingress"] = []any{object{"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(22), "CidrIp": *world}}
	inventory.Complete(&res)
	return res
}

func (n *network) bare(typ resource.Type, id string, properties object) resource.Resource {
	return resource.Resource{Ref: resource.Ref{Type: typ, Account: n.account, Region: home, ID: id}, Properties: properties, Related: object{}}
}

// told has the tellers tell, and gives what is not known of their relations.
func (n *network) told(res *resource.Resource) (unknown []resource.Unknown) {
	n.t.Helper()
	return tellAll(n.t, n.cfg, res)
}

func tellAll(t *testing.T, cfg aws.Config, res *resource.Resource) (unknown []resource.Unknown) {
	t.Helper()
	inventory.Complete(res)
	for _, teller := range builtin.Tellers() {
		if teller.Type() != res.Type {
			continue
		}
		teller.Tell(t.Context(), cfg, res)
		for _, name := range teller.Relations() {
			for _, u := range res.Unknown {
				if u.Path == "related."+name {
					unknown = append(unknown, u)
				}
			}
		}
	}
	return unknown
}

const reachable = "ec2-machine-not-reachable-from-the-world"

func judge(t *testing.T, set *expect.Set, r resource.Resource) expect.Verdict {
	t.Helper()
	for _, v := range set.Check(r, expect.Facts{Now: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}) {
		if v.Expectation.ID == reachable {
			return v
		}
	}
	t.Fatalf("%s did not judge %s", reachable, r.Ref)
	return expect.Verdict{}
}

func embedded(t *testing.T) *expect.Set {
	t.Helper()
	set, errs := expect.Load(os.DirFS(filepath.Join("..", "..", "..", "content")), "expectations")
	for _, err := range errs {
		t.Fatal(err)
	}
	return set
}

// TestMachines: a network that was built and the template that says the same get the same verdicts.
func TestMachines(t *testing.T) {
	n, set := build(t), embedded(t)
	allow, deny := ec2types.RuleActionAllow, ec2types.RuleActionDeny
	refused, through, main := n.subnet(true), n.subnet(true), n.subnet(false)
	n.list(refused,
		ec2.CreateNetworkAclEntryInput{RuleNumber: aws.Int32(200), Protocol: aws.String("-1"), RuleAction: allow},
		ec2.CreateNetworkAclEntryInput{RuleNumber: aws.Int32(100), Protocol: aws.String("6"), RuleAction: deny, PortRange: &ec2types.PortRange{From: aws.Int32(22), To: aws.Int32(22)}})
	n.list(through, ec2.CreateNetworkAclEntryInput{RuleNumber: aws.Int32(100), Protocol: aws.String("6"), RuleAction: allow, PortRange: &ec2types.PortRange{From: aws.Int32(0), To: aws.Int32(1024)}})
	docs, err := check.Read(os.DirFS("testdata"), "network.yaml", cfn.Options{})
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	relate.Document(&docs[0])
	for name, c := range map[string]struct {
		subnet *string
		want   expect.Result
	}{
		"Open": {n.subnet(true), expect.Fail}, "Closed": {main, expect.Pass}, "Refused": {refused, expect.Pass}, "Through": {through, expect.Fail},
	} {
		live := n.machine(c.subnet)
		if v := judge(t, set, live); v.Result != expect.Unknown {
			t.Errorf("%s, before anybody told: %s, %s", name, v.Result, v.Why)
		}
		if u := n.told(&live); u != nil {
			t.Errorf("%s: unknown %v", name, u)
		}
		if v := judge(t, set, live); v.Result != c.want {
			t.Errorf("%s: %s, %s; %v", name, v.Result, v.Why, live.Related)
		}
		same := false
		for _, d := range docs[0].Resources {
			if d.Name == name {
				same = true
				if v := judge(t, set, d.Resource); v.Result != c.want {
					t.Errorf("%s of the template: %s, %s; %v %v", name, v.Result, v.Why, d.Related, d.Unknown)
				}
			}
		}
		if !same {
			t.Errorf("the template has no %s", name)
		}
	}
	tables := must[*ec2.DescribeRouteTablesOutput](t)(n.ec2.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{*n.vpc}}, {Name: aws.String("association.main"), Values: []string{"true"}},
	}}))
	must[*ec2.CreateRouteOutput](t)(n.ec2.CreateRoute(t.Context(), &ec2.CreateRouteInput{RouteTableId: tables.RouteTables[0].RouteTableId, DestinationCidrBlock: world, GatewayId: n.gateway}))
	live := n.machine(main)
	n.told(&live)
	if v := judge(t, set, live); v.Result != expect.Fail {
		t.Errorf("once the main table leads there: %s, %s", v.Result, v.Why)
	}
}

// TestSubnetPaths: the shapes are CloudFormation's, and what comes with every network is left out as in a template.
func TestSubnetPaths(t *testing.T) {
	n := build(t)
	plain, listed := n.subnet(false), n.subnet(true)
	acl := n.list(listed,
		ec2.CreateNetworkAclEntryInput{RuleNumber: aws.Int32(100), Protocol: aws.String("6"), RuleAction: ec2types.RuleActionAllow, PortRange: &ec2types.PortRange{From: aws.Int32(443), To: aws.Int32(443)}})
	res := n.bare("AWS::EC2::Subnet", *plain, object{"SubnetId": *plain, "VpcId": *n.vpc})
	if u := n.told(&res); u != nil {
		t.Error(u)
	}
	if d := cmp.Diff(object{"routes": []any{}, "network_acls": []any{}, "network_acl_entries": []any{}}, res.Related); d != "" {
		t.Errorf("nothing of its own: %s", d)
	}
	res = n.bare("AWS::EC2::Subnet", *listed, object{"SubnetId": *listed, "VpcId": *n.vpc})
	if u := n.told(&res); u != nil {
		t.Error(u)
	}
	shaped(t, res, map[string]resource.Type{"routes": "AWS::EC2::Route", "network_acls": "AWS::EC2::SubnetNetworkAclAssociation", "network_acl_entries": "AWS::EC2::NetworkAclEntry"})
	routes := res.Related["routes"].([]any)
	if len(routes) != 1 || routes[0].(object)["GatewayId"] != *n.gateway || routes[0].(object)["DestinationCidrBlock"] != *world {
		t.Errorf("routes: %v", routes)
	}
	if l := res.Related["network_acls"].([]any); len(l) != 1 || l[0].(object)["NetworkAclId"] != acl || l[0].(object)["SubnetId"] != *listed {
		t.Errorf("lists: %v", l)
	}
	want := []any{
		object{"NetworkAclId": acl, "Egress": false, "RuleNumber": int64(100), "Protocol": int64(6), "RuleAction": "allow", "CidrBlock": *world, "PortRange": object{"From": int64(443), "To": int64(443)}},
	}
	if d := cmp.Diff(any(want), res.Related["network_acl_entries"]); d != "" {
		t.Error(d)
	}
	// the default list, once somebody changed it
	def := n.listOf(*plain).NetworkAclId
	must[*ec2.CreateNetworkAclEntryOutput](t)(n.ec2.CreateNetworkAclEntry(t.Context(), &ec2.CreateNetworkAclEntryInput{
		NetworkAclId: def, RuleNumber: aws.Int32(50), Protocol: aws.String("-1"), RuleAction: ec2types.RuleActionDeny, CidrBlock: world, Egress: aws.Bool(false),
	}))
	res = n.bare("AWS::EC2::Subnet", *plain, object{"SubnetId": *plain, "VpcId": *n.vpc})
	n.told(&res)
	if lists, entries := res.Related["network_acls"].([]any), res.Related["network_acl_entries"].([]any); len(lists) != 1 || len(entries) != 3 {
		t.Errorf("a default list that was changed: %v, %v", lists, entries)
	}
}

// TestAttached: the gateways of a network, and the machine of a disk.
func TestAttached(t *testing.T) {
	n := build(t)
	ctx := t.Context()
	res := n.bare("AWS::EC2::VPC", *n.vpc, object{"VpcId": *n.vpc})
	if u := n.told(&res); u != nil {
		t.Error(u)
	}
	internet := object{"AttachmentType": "IGW", "InternetGatewayId": *n.gateway, "VpcId": *n.vpc}
	if d := cmp.Diff(any([]any{internet}), res.Related["gateways"]); d != "" {
		t.Error(d)
	}
	private := must[*ec2.CreateVpnGatewayOutput](t)(n.ec2.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: ec2types.GatewayTypeIpsec1})).VpnGateway.VpnGatewayId
	must[*ec2.AttachVpnGatewayOutput](t)(n.ec2.AttachVpnGateway(ctx, &ec2.AttachVpnGatewayInput{VpcId: n.vpc, VpnGatewayId: private}))
	n.told(&res)
	if d := cmp.Diff(any([]any{internet, object{"AttachmentType": "VGW", "VpnGatewayId": *private, "VpcId": *n.vpc}}), res.Related["gateways"]); d != "" {
		t.Error(d)
	}
	shaped(t, res, map[string]resource.Type{"gateways": "AWS::EC2::VPCGatewayAttachment"})
	machine := n.machine(n.subnet(false))
	n.told(&machine)
	shaped(t, machine, map[string]resource.Type{"addresses": "AWS::EC2::EIP"})
	if a := machine.Related["addresses"].([]any); len(a) != 1 || a[0].(object)["InstanceId"] != machine.ID || a[0].(object)["PublicIp"] == nil {
		t.Errorf("addresses: %v", a)
	}
	disk := must[*ec2.CreateVolumeOutput](t)(n.ec2.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String(home + "a"), Size: aws.Int32(8)})).VolumeId
	res = n.bare("AWS::EC2::Volume", *disk, object{"VolumeId": *disk})
	n.told(&res)
	if d := cmp.Diff(any([]any{}), res.Related["attachments"]); d != "" {
		t.Errorf("attached to nothing: %s", d)
	}
	must[*ec2.AttachVolumeOutput](t)(n.ec2.AttachVolume(ctx, &ec2.AttachVolumeInput{VolumeId: disk, InstanceId: &machine.ID, Device: aws.String("/dev/sdf")}))
	n.told(&res)
	if d := cmp.Diff(any([]any{object{"VolumeId": *disk, "InstanceId": machine.ID, "Device": "/dev/sdf"}}), res.Related["attachments"]); d != "" {
		t.Error(d)
	}
	shaped(t, res, map[string]resource.Type{"attachments": "AWS::EC2::VolumeAttachment"})
}

// shaped wants every element of a relation to have nothing but what CloudFormation's type has.
func shaped(t *testing.T, res resource.Resource, by map[string]resource.Type) {
	t.Helper()
	for name, typ := range by {
		s, ok := schema.Of(typ)
		list, _ := res.Related[name].([]any)
		if !ok || len(list) == 0 {
			t.Errorf("%s: no schema of %s, or nothing told: %v", name, typ, list)
			continue
		}
		for _, e := range list {
			for key := range e.(object) {
				if _, ok := s.Member(key); !ok {
					t.Errorf("%s has no %s", typ, key)
				}
			}
		}
	}
}

// entry lets the catalogue into the account of a network.
type entry struct{ n *network }

func (e entry) Reader(context.Context, string, string) (aws.Config, error) { return e.n.cfg, nil }

// control stands for the reader of machines, whose API the emulator has not.
type control struct {
	inventory.Reader

	res resource.Resource
}

func (control) Type() resource.Type { return "AWS::EC2::Instance" }

func (c control) Read(context.Context, aws.Config, resource.Ref) (resource.Resource, error) {
	return c.res, nil
}

// TestCatalogueTells: whoever reads a machine by the catalogue is told all of it; one that is gone is not asked about.
func TestCatalogueTells(t *testing.T) {
	n := build(t)
	machine := n.machine(n.subnet(true))
	for _, gone := range []bool{false, true} {
		machine.Gone = gone
		cat := must[*inventory.Catalogue](t)(inventory.New(entry{n}, control{res: machine}))
		cat.Tell(builtin.Tellers()...)
		got := must[resource.Resource](t)(cat.Read(t.Context(), machine.Ref))
		if routes, there := got.Related["routes"].([]any); there == gone || !gone && len(routes) != 1 {
			t.Errorf("gone %t: %v, %v", gone, got.Related, got.Unknown)
		}
		delete(machine.Related, "routes")
	}
}
