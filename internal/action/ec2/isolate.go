package ec2

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const interfaceMay = "ec2:ModifyNetworkInterfaceAttribute"

// placed is which security groups the interfaces of an instance are in, and what the groups are like that it is to be put into.
type placed struct {
	VPC, Service       string // the service that one of the interfaces belongs to
	Interfaces         map[string][]string
	Quarantine, Loosen purpose
}

// purpose is a group that somebody has prepared.
type purpose struct {
	VPC  string
	Rows []string // its rules
}

// IsolateInstance puts all interfaces of an instance into a group that lets nothing through.
func IsolateInstance() setting.Of[placed] {
	return setting.Of[placed]{
		About: action.Info{
			ID: "ec2.isolate-instance", Title: "Cut an instance off the network",
			Why: "A machine that somebody else is on keeps running, with all that is in its memory, and reaches nobody. All its interfaces go from their groups into one without rules.",
			Risk: "What the instance serves stops. An Auto Scaling group or a load balancer may take it for broken and end it: take it out of them first. " +
				"Connections that stand are tracked and may go on until they end, with loosen too.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Instance},
			Reads:  []string{"ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups"},
			Writes: []string{interfaceMay},
			Params: []action.Param{
				{Name: "group", Text: "a security group of the same network without any rule", Required: true},
				{Name: "loosen", Text: "a group that lets everything in and out, which the interfaces pass through for a moment: what it allows is not tracked and ends with it. AWS does not promise that for connections tracked before: look afterwards"},
			},
		},
		Find: setting.InRegion, Guard: operated, Look: lookPlaced, Goal: quarantined, Calls: placeCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, ec2.NewFromConfig(cfg).ModifyNetworkInterfaceAttribute)
		},
	}
}

func lookPlaced(ctx context.Context, cfg aws.Config, t effect.Target) (v placed, err error) {
	i, err := instance(ctx, cfg, t)
	if err != nil {
		return v, err
	}
	v = placed{VPC: aws.ToString(i.VpcId), Interfaces: map[string][]string{}}
	c := group{client: ec2.NewFromConfig(setting.At(cfg, t.Ref)), id: t.Ref.ID}
	pages := ec2.NewDescribeNetworkInterfacesPaginator(c.client, &ec2.DescribeNetworkInterfacesInput{Filters: c.filter("attachment.instance-id")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "read the interfaces of %s", t.Ref.ID)
		}
		for _, n := range page.NetworkInterfaces {
			id := aws.ToString(n.NetworkInterfaceId)
			v.Interfaces[id], v.Service = []string{}, cmp.Or(v.Service, serviceOf(n))
			for _, g := range n.Groups {
				v.Interfaces[id] = append(v.Interfaces[id], aws.ToString(g.GroupId))
			}
			slices.Sort(v.Interfaces[id])
		}
	}
	for into, id := range map[*purpose]string{&v.Quarantine: t.Params["group"], &v.Loosen: t.Params["loosen"]} {
		if id == "" {
			continue
		}
		at := t
		at.Ref.ID = id
		if *into, err = lookPurpose(ctx, cfg, at); err != nil {
			return v, err
		}
	}
	return v, nil
}

// lookPurpose reads a prepared group; one that does not exist is of no network.
func lookPurpose(ctx context.Context, cfg aws.Config, t effect.Target) (purpose, error) {
	out, err := ec2.NewFromConfig(setting.At(cfg, t.Ref)).DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{t.Ref.ID}})
	if gone(err) {
		return purpose{}, nil
	}
	if err != nil || len(out.SecurityGroups) != 1 {
		return purpose{}, awsorg.Fault(err, "read security group %s", t.Ref.ID)
	}
	g := out.SecurityGroups[0]
	p := purpose{VPC: aws.ToString(g.VpcId)}
	for _, r := range rows(g.IpPermissions) {
		p.Rows = append(p.Rows, "in: "+r)
	}
	for _, r := range rows(g.IpPermissionsEgress) {
		p.Rows = append(p.Rows, "out: "+r)
	}
	return p, nil
}

// loose reports whether connections are not tracked under a group: only what is allowed by all traffic of all addresses both ways is not
// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
func (p purpose) loose() bool {
	all := []string{"in: all traffic with 0.0.0.0/0", "out: all traffic with 0.0.0.0/0", "in: all traffic with ::/0", "out: all traffic with ::/0"}
	return slices.Contains(p.Rows, all[0]) && slices.Contains(p.Rows, all[1]) && !slices.ContainsFunc(p.Rows, func(r string) bool { return !slices.Contains(all, r) })
}

func quarantined(t effect.Target, now placed) (setting.Goal[placed], error) {
	id, loosen := t.Params["group"], t.Params["loosen"]
	g := setting.Goal[placed]{To: now, Met: "all interfaces are in " + id + " alone", Missing: "not all interfaces are in " + id + " alone"}
	g.To.Interfaces = map[string][]string{}
	var lines []string
	for _, n := range slices.Sorted(maps.Keys(now.Interfaces)) {
		g.To.Interfaces[n] = []string{id}
		lines = append(lines, fmt.Sprintf("- %s: %s\n+ %s: %s", n, strings.Join(now.Interfaces[n], ", "), n, id))
	}
	g.Loses = []string{"whoever reaches the instance, and what it reaches: only its own metadata, DNS and time stay"}
	if loosen == "" {
		lines = append(lines, "  connections that stand go on until they end: no group to loosen them is given")
	}
	g.Diff = strings.Join(lines, "\n")
	switch {
	case len(now.Interfaces) == 0:
		g.Refused = "the instance has no interface that could be read"
	case now.Service != "":
		g.Refused = "an interface of the instance belongs to " + now.Service + ": change it through its owner"
	case now.Quarantine.VPC != now.VPC:
		g.Refused = "there is no group " + id + " in " + now.VPC
	case len(now.Quarantine.Rows) > 0:
		g.Refused = "group " + id + " has rules: " + strings.Join(now.Quarantine.Rows, "; ")
	case loosen != "" && now.Loosen.VPC != now.VPC:
		g.Refused = "there is no group " + loosen + " in " + now.VPC
	case loosen != "" && !now.Loosen.loose():
		g.Refused = "group " + loosen + " does not let all traffic in and out without more: connections would be tracked under it"
	}
	return g, nil
}

// placeCalls gives each interface its groups. On the way into quarantine it passes through the loose group, unless it is there.
func placeCalls(t effect.Target, from, to placed) (calls []effect.Call, err error) {
	put := func(n string, groups []string) {
		if err != nil {
			return
		}
		var call effect.Call
		call, err = action.NewCall(interfaceMay, arn(t.Ref, "network-interface/"+n), setting.In{"NetworkInterfaceId": n, "Groups": groups})
		call.Also = []effect.Need{{Permission: interfaceMay, Resource: arn(t.Ref, "instance/"+t.Ref.ID)}}
		for _, g := range groups {
			call.Also = append(call.Also, effect.Need{Permission: interfaceMay, Resource: arn(t.Ref, "security-group/"+g)})
		}
		calls = append(calls, call)
	}
	quarantine, loose := []string{t.Params["group"]}, []string{t.Params["loosen"]}
	for _, n := range slices.Sorted(maps.Keys(to.Interfaces)) {
		if slices.Equal(from.Interfaces[n], to.Interfaces[n]) {
			continue
		}
		if loose[0] != "" && slices.Equal(to.Interfaces[n], quarantine) && !slices.Equal(from.Interfaces[n], loose) {
			put(n, loose)
		}
		put(n, to.Interfaces[n])
	}
	return calls, err
}
