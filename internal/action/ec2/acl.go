package ec2

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/action"
	"jobzero/internal/action/block"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	addEntryMay    = "ec2:CreateNetworkAclEntry"
	removeEntryMay = "ec2:DeleteNetworkAclEntry"
	// Rules in one direction that AWS takes unless it was asked for more, and the number of the one that is always last
	// (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, /nacl-rules.html).
	mostEntries = 20
	lastEntry   = 32767
)

// accessList is the rules of a network access list, and the ranges of its network.
type accessList struct {
	Network []string
	Entries []entry
}

// entry is one rule, as far as it makes a difference for another.
type entry struct {
	Out              bool
	Number           int32
	Deny             bool
	Protocol, Ranges string
}

// DenyInNetworkACL adds a rule against an address to a network access list.
func DenyInNetworkACL() setting.Of[accessList] {
	return setting.Of[accessList]{
		About: action.Info{
			ID: "ec2.deny-in-network-acl", Title: "Deny an address in a network access list",
			Why: "Whoever scans or attacks is kept out of all subnets of the list at once, and connections that stand end: the list looks at each " +
				"packet. One rule each way is added before all others, with the lowest free number.",
			Risk: "Everybody behind the address is kept out, such as all of an office or a mobile network. What comes through a load balancer of another subnet " +
				"or a content network has that one's address. Ranges wider than /16 (IPv6: /32), and those of the network itself, are refused.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.NetworkACL},
			Reads:  []string{"ec2:DescribeNetworkAcls", "ec2:DescribeVpcs"},
			Writes: []string{addEntryMay, removeEntryMay},
			Params: []action.Param{{Name: "cidr", Text: "the address or range, such as 198.51.100.7/32", Required: true}},
		},
		Find: setting.InRegion, Look: lookAccessList, Goal: denied, Calls: entryCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			if call.Permission == removeEntryMay {
				return setting.Send(ctx, call, ec2.NewFromConfig(cfg).DeleteNetworkAclEntry)
			}
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).CreateNetworkAclEntry)
		},
	}
}

func lookAccessList(ctx context.Context, cfg aws.Config, t effect.Target) (v accessList, err error) {
	c := ec2.NewFromConfig(setting.At(cfg, t.Ref))
	out, err := c.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{NetworkAclIds: []string{t.Ref.ID}})
	switch {
	case named(err, "InvalidNetworkAclID.NotFound"):
		return v, setting.ErrGone
	case err != nil:
		return v, awsorg.Fault(err, "read network access list %s", t.Ref.ID)
	case len(out.NetworkAcls) != 1:
		return v, fault.New(fault.Unavailable, "read network access list %s: the API answered with %d", t.Ref.ID, len(out.NetworkAcls))
	}
	for _, e := range out.NetworkAcls[0].Entries {
		v.Entries = append(v.Entries, entry{
			Out: aws.ToBool(e.Egress), Number: aws.ToInt32(e.RuleNumber), Deny: e.RuleAction == "deny",
			Protocol: aws.ToString(e.Protocol), Ranges: aws.ToString(e.CidrBlock) + aws.ToString(e.Ipv6CidrBlock),
		})
	}
	slices.SortFunc(v.Entries, order)
	vpcs, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{aws.ToString(out.NetworkAcls[0].VpcId)}})
	if err != nil {
		return v, awsorg.Fault(err, "read the network of %s", t.Ref.ID)
	}
	for _, n := range vpcs.Vpcs {
		for _, r := range n.CidrBlockAssociationSet {
			v.Network = append(v.Network, aws.ToString(r.CidrBlock))
		}
		for _, r := range n.Ipv6CidrBlockAssociationSet {
			v.Network = append(v.Network, aws.ToString(r.Ipv6CidrBlock))
		}
	}
	return v, nil
}

// order is by direction, and by number as AWS goes through the rules.
func order(a, b entry) int {
	if a.Out != b.Out {
		if b.Out {
			return -1
		}
		return 1
	}
	return int(a.Number) - int(b.Number)
}

func denied(t effect.Target, now accessList) (setting.Goal[accessList], error) {
	text := t.Params["cidr"]
	g := setting.Goal[accessList]{
		To: accessList{now.Network, slices.Clone(now.Entries)}, Met: text + " is denied both ways before all else", Missing: text + " is not denied both ways before all else",
		Loses: []string{"whoever comes from " + text + ", to all subnets of the list, and what these reach there"},
	}
	p, refused, err := block.Range(text, now.Network...)
	if g.Refused = refused; err != nil || refused != "" {
		return g, err
	}
	for _, out := range []bool{false, true} {
		way := slices.DeleteFunc(slices.Clone(now.Entries), func(e entry) bool { return e.Out != out || e.Number >= lastEntry })
		if ahead(way, p) {
			continue
		}
		number := free(way)
		if allow := slices.IndexFunc(way, func(e entry) bool { return !e.Deny }); allow >= 0 && way[allow].Number < number {
			g.Refused = fmt.Sprintf("rule %d lets in before any that could be added: give it a higher number", way[allow].Number)
		}
		if len(way) >= mostEntries {
			g.Refused = fmt.Sprintf("the list is full: it has %d rules in one direction", len(way))
		}
		g.To.Entries = append(g.To.Entries, entry{out, number, true, "-1", text})
		direction := "in"
		if out {
			direction = "out"
		}
		g.Diff += fmt.Sprintf("+ %s: rule %d denies all traffic with %s\n", direction, number, text)
	}
	slices.SortFunc(g.To.Entries, order)
	return g, nil
}

// ahead reports whether all traffic of the range is denied before anything is allowed.
func ahead(way []entry, p netip.Prefix) bool {
	for _, e := range way {
		if !e.Deny {
			return false
		}
		if e.Protocol == "-1" && block.Covers([]string{e.Ranges}, p) {
			return true
		}
	}
	return false
}

// free is the lowest number that no rule has.
func free(way []entry) int32 {
	number := int32(1)
	for slices.ContainsFunc(way, func(e entry) bool { return e.Number == number }) {
		number++
	}
	return number
}

func entryCalls(t effect.Target, from, to accessList) (calls []effect.Call, err error) {
	list := arn(t.Ref, "network-acl/"+t.Ref.ID)
	add := func(may string, in setting.In) {
		var call effect.Call
		if err == nil {
			call, err = action.NewCall(may, list, in)
			calls = append(calls, call)
		}
	}
	for _, e := range from.Entries {
		if !slices.Contains(to.Entries, e) {
			add(removeEntryMay, setting.In{"NetworkAclId": t.Ref.ID, "RuleNumber": e.Number, "Egress": e.Out})
		}
	}
	for _, e := range to.Entries {
		if slices.Contains(from.Entries, e) {
			continue
		}
		in := setting.In{"NetworkAclId": t.Ref.ID, "RuleNumber": e.Number, "Egress": e.Out, "Protocol": e.Protocol, "RuleAction": "deny"}
		in["CidrBlock"] = e.Ranges
		if p, err := netip.ParsePrefix(e.Ranges); err == nil && p.Addr().Is6() {
			delete(in, "CidrBlock")
			in["Ipv6CidrBlock"] = e.Ranges
		}
		add(addEntryMay, in)
	}
	return calls, err
}
