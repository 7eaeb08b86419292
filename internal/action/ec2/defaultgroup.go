package ec2

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	revokeOutMay    = "ec2:RevokeSecurityGroupEgress"
	authorizeOutMay = "ec2:AuthorizeSecurityGroupEgress"
)

// rules is what a group lets in and out.
type rules struct {
	Name    string
	In, Out []types.IpPermission
}

// CloseDefaultGroup takes all rules out of a network's default group.
func CloseDefaultGroup() setting.Of[rules] {
	return setting.Of[rules]{
		About: action.Info{
			ID: "ec2.close-default-group", Title: "Take all rules out of a default security group",
			Why:  "The default group is what a machine gets when nobody chose one: what it allows is allowed by accident. Only a group of that name is touched.",
			Risk: "Machines that are in the default group lose new connections in and out; connections that stand are tracked and go on. Groups of load balancers and of other AWS services are left alone.",
			Undo: effect.Compensating, UndoHelpsAttacker: true, Targets: []resource.Type{resource.SecurityGroup},
			Reads:  []string{"ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"},
			Writes: []string{revokeMay, revokeOutMay, authorizeMay, authorizeOutMay},
		},
		Find: setting.InRegion, Guard: foreign, Look: lookRules, Goal: noRules, Calls: ruleCalls, Send: sendRules, Loses: behind,
		Same: func(a, b rules) bool {
			return a.Name == b.Name && slices.Equal(rows(a.In), rows(b.In)) && slices.Equal(rows(a.Out), rows(b.Out))
		},
	}
}

// foreign refuses a group that a service manages.
func foreign(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	refused, _, err := open(s.Reader, t.Ref).look(ctx)
	if gone(err) { // of which the look tells
		return "", nil
	}
	return refused, err
}

func lookRules(ctx context.Context, cfg aws.Config, t effect.Target) (rules, error) {
	g := open(cfg, t.Ref)
	out, err := g.client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{g.id}})
	switch {
	case gone(err):
		return rules{}, setting.ErrGone
	case err != nil:
		return rules{}, awsorg.Fault(err, "read security group %s", g.id)
	case len(out.SecurityGroups) != 1:
		return rules{}, fault.New(fault.Unavailable, "read security group %s: the API answered with %d groups", g.id, len(out.SecurityGroups))
	}
	sg := out.SecurityGroups[0]
	return rules{aws.ToString(sg.GroupName), sg.IpPermissions, sg.IpPermissionsEgress}, nil
}

func noRules(_ effect.Target, now rules) (setting.Goal[rules], error) {
	g := setting.Goal[rules]{To: rules{Name: now.Name}, Met: "the default group has no rules", Missing: "the default group has rules"}
	if now.Name != "default" {
		g.Refused = "the group is no default group, and somebody has chosen its rules"
	}
	var lines []string
	for _, r := range rows(now.In) {
		lines = append(lines, "- in: "+r)
	}
	for _, r := range rows(now.Out) {
		lines = append(lines, "- out: "+r)
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

// behind names what the group protects.
func behind(ctx context.Context, cfg aws.Config, t effect.Target, _ rules) ([]string, error) {
	_, protects, err := open(cfg, t.Ref).look(ctx)
	for i := range protects {
		protects[i] = "whoever reaches " + protects[i] + " by this group, and what it reaches"
	}
	if len(protects) > most {
		protects = append(protects[:most:most], fmt.Sprintf("%d more", len(protects)-most))
	}
	return protects, err
}

// rows are the single rules of permissions in an order of their own: AWS gives them back in another.
func rows(all []types.IpPermission) (out []string) {
	for _, p := range all {
		what := aws.ToString(p.IpProtocol)
		if what == "-1" {
			what = "all traffic"
		} else {
			what += fmt.Sprintf(" %d-%d", aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort))
		}
		add := func(with, description *string) {
			out = append(out, what+" with "+aws.ToString(with)+about(aws.ToString(description)))
		}
		for _, r := range p.IpRanges {
			add(r.CidrIp, r.Description)
		}
		for _, r := range p.Ipv6Ranges {
			add(r.CidrIpv6, r.Description)
		}
		for _, r := range p.PrefixListIds {
			add(r.PrefixListId, r.Description)
		}
		for _, r := range p.UserIdGroupPairs {
			add(r.GroupId, r.Description)
		}
	}
	slices.Sort(out)
	return out
}

// ruleCalls makes a call for each direction that differs: the goal has no rules, and what is put back comes to a group that has none.
func ruleCalls(t effect.Target, from, to rules) (calls []effect.Call, err error) {
	add := func(have, want []types.IpPermission, revoke, authorize string) {
		if err != nil || slices.Equal(rows(have), rows(want)) {
			return
		}
		may, list := revoke, have
		if len(want) > 0 {
			may, list = authorize, want
		}
		var lean any
		if lean, err = setting.Lean(list); err != nil {
			return
		}
		var call effect.Call
		call, err = action.NewCall(may, arn(t.Ref, "security-group/"+t.Ref.ID), setting.In{"GroupId": t.Ref.ID, "IpPermissions": lean})
		if may == authorize {
			call.Also = []effect.Need{{Permission: may, Resource: arn(t.Ref, "security-group-rule/*")}}
		}
		calls = append(calls, call)
	}
	add(from.In, to.In, revokeMay, authorizeMay)
	add(from.Out, to.Out, revokeOutMay, authorizeOutMay)
	return calls, err
}

func sendRules(ctx context.Context, cfg aws.Config, call effect.Call) error {
	c := ec2.NewFromConfig(cfg)
	switch call.Permission {
	case revokeMay:
		return setting.Send(ctx, call, c.RevokeSecurityGroupIngress)
	case revokeOutMay:
		return setting.Send(ctx, call, c.RevokeSecurityGroupEgress)
	case authorizeMay:
		return setting.Send(ctx, call, c.AuthorizeSecurityGroupIngress)
	}
	return setting.Send(ctx, call, c.AuthorizeSecurityGroupEgress)
}
