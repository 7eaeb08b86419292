package ec2

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	dissociateMay = "ec2:DisassociateAddress"
	associateMay  = "ec2:AssociateAddress"
)

// address is an Elastic IP address and where it leads. A new association of the same two has another ID.
type address struct {
	Public, Allocation, Association string
	Interface, Private, Instance    string
	Service                         string // that the interface belongs to
}

// RemovePublicIP takes an Elastic IP address off what it leads to.
func RemovePublicIP() setting.Of[address] {
	return setting.Of[address]{
		About: action.Info{
			ID: "ec2.remove-public-ip", Title: "Take an Elastic IP address off a machine",
			Why: "What has no public address cannot be reached from the Internet, whatever its groups say. The address itself stays ours.",
			Risk: "Whoever reaches the machine by the address reaches it no more, and neither does it reach the Internet without another way out. " +
				"A machine whose network gives it an address by itself may get another one at once. An address of a load balancer or NAT gateway is left alone.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Address},
			Reads:  []string{"ec2:DescribeAddresses", "ec2:DescribeNetworkInterfaces"},
			Writes: []string{dissociateMay, associateMay},
		},
		Find: setting.InRegion, Look: lookAddress, Goal: unbound, Calls: addressCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == associateMay {
				return setting.Send(ctx, call, ec2.NewFromConfig(cfg).AssociateAddress)
			}
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).DisassociateAddress)
		},
		Same: func(a, b address) bool {
			a.Association, b.Association = "", ""
			return a == b
		},
	}
}

func lookAddress(ctx context.Context, cfg aws.Config, t effect.Target) (v address, err error) {
	id := t.Ref.ID[strings.LastIndexByte(t.Ref.ID, '|')+1:]
	c := ec2.NewFromConfig(setting.At(cfg, t.Ref))
	out, err := c.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{id}})
	switch {
	case named(err, "InvalidAllocationID.NotFound"):
		return v, setting.ErrGone
	case err != nil:
		return v, awsorg.Fault(err, "read address %s", t.Ref.ID)
	case len(out.Addresses) != 1:
		return v, fault.New(fault.Unavailable, "read address %s: the API answered with %d", t.Ref.ID, len(out.Addresses))
	}
	a := out.Addresses[0]
	v = address{
		Public: aws.ToString(a.PublicIp), Allocation: id, Association: aws.ToString(a.AssociationId),
		Interface: aws.ToString(a.NetworkInterfaceId), Private: aws.ToString(a.PrivateIpAddress), Instance: aws.ToString(a.InstanceId),
	}
	if v.Interface == "" {
		return v, nil
	}
	nics, err := c.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{NetworkInterfaceIds: []string{v.Interface}})
	if err != nil {
		return v, awsorg.Fault(err, "read interface %s", v.Interface)
	}
	for _, n := range nics.NetworkInterfaces {
		v.Service = serviceOf(n)
	}
	return v, nil
}

func unbound(_ effect.Target, now address) (setting.Goal[address], error) {
	g := setting.Goal[address]{
		To: address{Public: now.Public, Allocation: now.Allocation}, Met: now.Public + " leads nowhere", Missing: now.Public + " leads to " + now.Interface,
		Loses: []string{"whoever reaches " + now.Interface + " at " + now.Public},
		Diff:  "- " + now.Public + ": " + now.Interface + " (" + now.Private + ")\n+ " + now.Public + ": nowhere",
	}
	if now.Service != "" {
		g.Refused = "interface " + now.Interface + " belongs to " + now.Service + ": change it through its owner"
	}
	return g, nil
}

func addressCalls(t effect.Target, from, to address) (calls []effect.Call, err error) {
	where := func(may, nic, instance string) (out []effect.Need) {
		out = []effect.Need{{Permission: may, Resource: arn(t.Ref, "network-interface/"+nic)}}
		if instance != "" {
			out = append(out, effect.Need{Permission: may, Resource: arn(t.Ref, "instance/"+instance)})
		}
		return out
	}
	ip := arn(t.Ref, "elastic-ip/"+from.Allocation)
	switch {
	case from.Interface == to.Interface && from.Private == to.Private:
		return nil, nil
	case to.Interface == "":
		if calls, err = setting.One(dissociateMay, ip, setting.In{"AssociationId": from.Association}); err == nil {
			calls[0].Also = where(dissociateMay, from.Interface, from.Instance)
		}
		return calls, err
	}
	calls, err = setting.One(associateMay, ip, setting.In{
		"AllocationId": to.Allocation, "NetworkInterfaceId": to.Interface, "PrivateIpAddress": to.Private, "AllowReassociation": false,
	})
	if err == nil {
		calls[0].Also = where(associateMay, to.Interface, to.Instance)
	}
	return calls, err
}
