package networkfirewall

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/block"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const groupMay = "network-firewall:UpdateRuleGroup"

// group is a group of rules, and what has to be sent again with it because it would be lost.
type group struct {
	Token, Type, Description string
	Capacity, Used           int32
	Rules                    *types.RuleGroup
	Encryption               *types.EncryptionConfiguration
	Source                   *types.SourceMetadata
}

// DenyAddress adds a rule to a group that drops everything from and to an address.
func DenyAddress() setting.Of[group] {
	return setting.Of[group]{
		About: action.Info{
			ID: "network-firewall.deny-address", Title: "Drop an address in a network firewall",
			Why: "The firewall stands where networks meet each other and the Internet: one rule there counts for all of them, both ways.",
			Risk: "Everybody behind the address is kept out. In a group of the default order a rule that passes the address wins over the one that drops it: " +
				"the plan says so. Groups of AWS, and those of stateless rules or lists of names, are refused.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Contract: true, Targets: []resource.Type{resource.RuleGroup},
			Reads: []string{"network-firewall:DescribeRuleGroup"}, Writes: []string{groupMay},
			Params: []action.Param{{Name: "cidr", Text: "the address or range, such as 198.51.100.7/32", Required: true}},
		},
		Find: setting.InRegion, Look: lookGroup, Goal: dropped, Calls: groupCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, networkfirewall.NewFromConfig(cfg).UpdateRuleGroup)
		},
		Same: func(a, b group) bool { // the token is another after each change, and what a rule takes of the capacity is counted behind it
			a.Token, b.Token, a.Used, b.Used = "", "", 0, 0
			return setting.Alike(a, b)
		},
	}
}

func lookGroup(ctx context.Context, cfg aws.Config, t effect.Target) (v group, err error) {
	out, err := networkfirewall.NewFromConfig(setting.At(cfg, t.Ref)).DescribeRuleGroup(ctx, &networkfirewall.DescribeRuleGroupInput{RuleGroupArn: &t.Ref.ID})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "ResourceNotFoundException" {
		return v, setting.ErrGone
	}
	if err != nil {
		return v, awsorg.Fault(err, "read rule group %s", t.Ref.ID)
	}
	r := out.RuleGroupResponse
	if r == nil || out.UpdateToken == nil {
		return v, fault.New(fault.Unavailable, "read rule group %s: the API answered without it or its token", t.Ref.ID)
	}
	return group{
		*out.UpdateToken, string(r.Type), aws.ToString(r.Description), aws.ToInt32(r.Capacity), aws.ToInt32(r.ConsumedCapacity), out.RuleGroup, r.EncryptionConfiguration, r.SourceMetadata,
	}, nil
}

func dropped(t effect.Target, now group) (setting.Goal[group], error) {
	text := t.Params["cidr"]
	p, refused, err := block.Range(text)
	g := setting.Goal[group]{
		To: now, Met: text + " is dropped both ways", Missing: text + " is not dropped both ways", Loses: []string{"whoever comes from " + text + ", and whoever goes there"}, Refused: refused,
	}
	if err != nil || refused != "" {
		return g, err
	}
	switch {
	case strings.Contains(t.Ref.ID, ":aws-managed:"):
		g.Refused = "AWS manages the group: add the rule to a group of your own"
	case now.Type != string(types.RuleGroupTypeStateful) || now.Rules == nil || now.Rules.RulesSource == nil || now.Rules.RulesSource.RulesSourceList != nil:
		g.Refused = "the group is not one of stateful rules that are written one by one"
	case drops(now.Rules, text):
		return g, nil
	case now.Used >= now.Capacity:
		g.Refused = fmt.Sprintf("the group is full: it has used %d of %d", now.Used, now.Capacity)
	}
	if g.Refused != "" {
		return g, nil
	}
	var line string
	g.To.Rules, line = with(now.Rules, p.String())
	g.Diff = "+ " + line
	if passes(now.Rules) {
		g.Diff += "\n  the group's order is the default one: its rules that pass something win over this one"
	}
	return g, nil
}

// groupCalls sends all of the group: what is left out of this call is lost.
func groupCalls(t effect.Target, from, to group) ([]effect.Call, error) {
	if setting.Alike(from.Rules, to.Rules) {
		return nil, nil
	}
	in := setting.In{"RuleGroupArn": t.Ref.ID, "UpdateToken": from.Token, "RuleGroup": to.Rules}
	if from.Description != "" {
		in["Description"] = from.Description
	}
	if from.Encryption != nil {
		in["EncryptionConfiguration"] = from.Encryption
	}
	if from.Source != nil {
		in["SourceMetadata"] = from.Source
	}
	lean, err := setting.Lean(in)
	if err != nil {
		return nil, err
	}
	return setting.One(groupMay, t.Ref.ID, lean)
}
