package route53resolver

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/block"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const domainsMay = "route53resolver:UpdateFirewallDomains"

// names is which of the wanted names a list has, and what rules do with the list. The other names are not kept: a list may have 100,000.
type names struct {
	Owner         string // of a list that AWS manages
	Has           []string
	Blocks, Other []string // rules that block by the list, and those that do something else with it
}

// BlockDomain adds a name, and all below it, to a list that DNS Firewall blocks by.
func BlockDomain() setting.Of[names] {
	return setting.Of[names]{
		About: action.Info{
			ID: "route53resolver.block-domain", Title: "Block a name in a DNS Firewall list",
			Why: "A machine that is not ours alone any more calls home by a name. Without an answer to the name it calls nobody, from any network that the " +
				"firewall looks after. The name and all below it are added.",
			Risk: "Whatever else lives below the name is out of reach too. A list that a rule lets through by is refused, and so are AWS's own names. " +
				"Who asks another resolver, or calls by an address, is not stopped.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Contract: true, Targets: []resource.Type{resource.DomainList},
			Reads: []string{
				"route53resolver:GetFirewallDomainList", "route53resolver:ListFirewallDomains", "route53resolver:ListFirewallRuleGroups", "route53resolver:ListFirewallRules",
			},
			Writes: []string{domainsMay},
			Params: []action.Param{{Name: "domain", Text: "the name, such as bad.example.com", Required: true}},
		},
		Find: setting.InRegion, Look: lookNames, Goal: blocked, Calls: nameCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, route53resolver.NewFromConfig(cfg).UpdateFirewallDomains)
		},
	}
}

// wanted is the name and all below it, as DNS Firewall writes them.
func wanted(t effect.Target) (all []string, refused string, err error) {
	name, refused, err := block.Name(t.Params["domain"])
	return []string{"*." + name, name}, refused, err
}

func lookNames(ctx context.Context, cfg aws.Config, t effect.Target) (v names, err error) {
	want, _, err := wanted(t)
	if err != nil {
		return v, err
	}
	c := route53resolver.NewFromConfig(setting.At(cfg, t.Ref))
	out, err := c.GetFirewallDomainList(ctx, &route53resolver.GetFirewallDomainListInput{FirewallDomainListId: &t.Ref.ID})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "ResourceNotFoundException" {
		return v, setting.ErrGone
	}
	if err != nil {
		return v, awsorg.Fault(err, "read list %s", t.Ref.ID)
	}
	if out.FirewallDomainList == nil {
		return v, fault.New(fault.Unavailable, "read list %s: the API answered without it", t.Ref.ID)
	}
	v.Owner = aws.ToString(out.FirewallDomainList.ManagedOwnerName)
	pages := route53resolver.NewListFirewallDomainsPaginator(c, &route53resolver.ListFirewallDomainsInput{FirewallDomainListId: &t.Ref.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return v, awsorg.Fault(err, "read the names of list %s", t.Ref.ID)
		}
		for _, d := range page.Domains {
			if d = strings.TrimSuffix(d, "."); slices.Contains(want, d) && !slices.Contains(v.Has, d) {
				v.Has = append(v.Has, d)
			}
		}
	}
	slices.Sort(v.Has)
	return v, v.uses(ctx, c, t.Ref.ID)
}

// uses notes what the account's firewall rules do with the list.
func (v *names) uses(ctx context.Context, c *route53resolver.Client, list string) error {
	groups := route53resolver.NewListFirewallRuleGroupsPaginator(c, &route53resolver.ListFirewallRuleGroupsInput{})
	for groups.HasMorePages() {
		page, err := groups.NextPage(ctx)
		if err != nil {
			return awsorg.Fault(err, "list the rule groups of DNS Firewall")
		}
		for _, g := range page.FirewallRuleGroups {
			rules := route53resolver.NewListFirewallRulesPaginator(c, &route53resolver.ListFirewallRulesInput{FirewallRuleGroupId: g.Id})
			for rules.HasMorePages() {
				page, err := rules.NextPage(ctx)
				if err != nil {
					return awsorg.Fault(err, "read the rules of %s", aws.ToString(g.Id))
				}
				for _, r := range page.FirewallRules {
					if aws.ToString(r.FirewallDomainListId) != list {
						continue
					}
					if what := aws.ToString(g.Name) + "/" + aws.ToString(r.Name); r.Action == types.ActionBlock {
						v.Blocks = append(v.Blocks, what)
					} else {
						v.Other = append(v.Other, what)
					}
				}
			}
		}
	}
	slices.Sort(v.Blocks)
	slices.Sort(v.Other)
	return nil
}

func blocked(t effect.Target, now names) (setting.Goal[names], error) {
	want, refused, err := wanted(t)
	name := want[1]
	g := setting.Goal[names]{
		To: now, Met: name + " and all below it are in the list", Missing: name + " or what is below it is not in the list",
		Loses: []string{"machines that ask for " + name + " or a name below it"}, Refused: refused,
	}
	g.To.Has = want
	for _, n := range want {
		if !slices.Contains(now.Has, n) {
			g.Diff += "+ " + n + "\n"
		}
	}
	switch {
	case err != nil || refused != "" || g.Diff == "":
		return g, err
	case now.Owner != "":
		g.Refused = now.Owner + " manages the list: add the name to a list of your own"
	case len(now.Other) > 0:
		g.Refused = "a rule does something else with the list than block: " + strings.Join(now.Other, ", ")
	case len(now.Blocks) == 0:
		g.Diff += "  no rule of this account blocks by this list yet: alone it stops nothing"
	}
	return g, nil
}

func nameCalls(t effect.Target, from, to names) ([]effect.Call, error) {
	change := func(operation types.FirewallDomainUpdateOperation, domains []string) ([]effect.Call, error) {
		return setting.One(domainsMay, setting.ARN(t.Ref, "route53resolver", "firewall-domain-list/"+t.Ref.ID), setting.In{
			"FirewallDomainListId": t.Ref.ID, "Operation": operation, "Domains": domains,
		})
	}
	if more := without(to.Has, from.Has); len(more) > 0 {
		return change(types.FirewallDomainUpdateOperationAdd, more)
	}
	if less := without(from.Has, to.Has); len(less) > 0 {
		return change(types.FirewallDomainUpdateOperationRemove, less)
	}
	return nil, nil
}

func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(n string) bool { return slices.Contains(others, n) })
}
