package builtin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	nftypes "github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	dnstypes "github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"jobzero/internal/action"
	"jobzero/internal/action/actiontest"
	"jobzero/internal/action/builtin"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

func firewallCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"wafv2.block-address":           {Make: blockingSet, State: setIs, Disturb: otherAddress},
		"network-firewall.deny-address": {Make: ruleGroup, State: groupIs, Disturb: otherRules, Beside: beside(ruleGroups)},
		"route53resolver.block-domain":  {Make: domainList, State: domainsAre, Disturb: partOfIt, Beside: beside(domainLists)},
	}
}

func beside(answers func() map[string]testmoto.Answer) func(*testing.T, *testmoto.Server) actiontest.Stand {
	return func(t *testing.T, s *testmoto.Server) actiontest.Stand {
		return testmoto.NewContract(t, s, answers())
	}
}

// blockingSet is a set that a web ACL blocks by.
func blockingSet(t *testing.T, owner aws.Config, account string) effect.Target {
	set := must[*wafv2.CreateIPSetOutput](t)(wafv2.NewFromConfig(owner).CreateIPSet(t.Context(), &wafv2.CreateIPSetInput{
		Name: aws.String("bad"), Scope: waftypes.ScopeRegional, IPAddressVersion: waftypes.IPAddressVersionIpv4, Description: aws.String("whom we know"),
		Addresses: []string{"203.0.113.9/32", "192.0.2.0/24"},
	})).Summary
	rule(t, owner, "front", *set.ARN, waftypes.RuleAction{Block: &waftypes.BlockAction{}})
	return at(resource.IPSet, account, *set.Name+"|"+*set.Id+"|REGIONAL", "cidr", "198.51.100.7/32")
}

// rule makes a web ACL with one rule that does something with a set.
func rule(t *testing.T, owner aws.Config, name, set string, does waftypes.RuleAction) {
	seen := &waftypes.VisibilityConfig{CloudWatchMetricsEnabled: false, MetricName: &name, SampledRequestsEnabled: false}
	_, err := wafv2.NewFromConfig(owner).CreateWebACL(t.Context(), &wafv2.CreateWebACLInput{
		Name: &name, Scope: waftypes.ScopeRegional, DefaultAction: &waftypes.DefaultAction{Allow: &waftypes.AllowAction{}}, VisibilityConfig: seen,
		Rules: []waftypes.Rule{{Name: aws.String("known"), Priority: 1, Action: &does, VisibilityConfig: seen, Statement: &waftypes.Statement{
			IPSetReferenceStatement: &waftypes.IPSetReferenceStatement{ARN: &set},
		}}},
	})
	var twice *waftypes.WAFDuplicateItemException // the emulator dropped the connection, and the SDK sent the call again
	if err != nil && !errors.As(err, &twice) {
		t.Fatal(err)
	}
}

func ipSet(t *testing.T, owner aws.Config, to effect.Target) *wafv2.GetIPSetOutput {
	p := strings.Split(to.Ref.ID, "|")
	return must[*wafv2.GetIPSetOutput](t)(wafv2.NewFromConfig(owner).GetIPSet(t.Context(), &wafv2.GetIPSetInput{Name: &p[0], Id: &p[1], Scope: waftypes.Scope(p[2])}))
}

func setIs(t *testing.T, owner aws.Config, to effect.Target) string {
	s := ipSet(t, owner, to).IPSet
	return aws.ToString(s.Description) + " " + strings.Join(slices.Sorted(slices.Values(s.Addresses)), " ")
}

func otherAddress(t *testing.T, owner aws.Config, to effect.Target) {
	addresses(t, owner, to, "203.0.113.77/32")
}

func addresses(t *testing.T, owner aws.Config, to effect.Target, all ...string) {
	now := ipSet(t, owner, to)
	must[*wafv2.UpdateIPSetOutput](t)(wafv2.NewFromConfig(owner).UpdateIPSet(t.Context(), &wafv2.UpdateIPSetInput{
		Name: now.IPSet.Name, Id: now.IPSet.Id, Scope: waftypes.ScopeRegional, LockToken: now.LockToken, Addresses: all, Description: now.IPSet.Description,
	}))
}

const groupARN = "arn:aws:network-firewall:us-east-1:111122223333:stateful-rulegroup/team"

// ruleGroups is one rule group, as docs.aws.amazon.com/network-firewall/latest/APIReference has it: an update sends the token of the last
// look, and all of the group.
func ruleGroups() map[string]testmoto.Answer {
	token, description := 1, ""
	rules := json.RawMessage(`{"RulesSource":{"RulesString":""}}`)
	now := func(body map[string]any) map[string]any {
		body["UpdateToken"] = fmt.Sprint(token)
		body["RuleGroupResponse"] = map[string]any{
			"RuleGroupArn": groupARN, "RuleGroupName": "team", "RuleGroupId": "1a2b3c4d", "Type": "STATEFUL", "Capacity": 100, "ConsumedCapacity": 10 + token, "Description": description,
		}
		return body
	}
	return map[string]testmoto.Answer{
		"DescribeRuleGroup": func(in json.RawMessage) (any, string) {
			if !strings.Contains(string(in), groupARN) {
				return nil, "ResourceNotFoundException"
			}
			return now(map[string]any{"RuleGroup": rules}), ""
		},
		"UpdateRuleGroup": func(in json.RawMessage) (any, string) {
			var update struct {
				RuleGroupArn, UpdateToken, Description string
				RuleGroup                              json.RawMessage
			}
			switch err := json.Unmarshal(in, &update); {
			case err != nil || update.RuleGroupArn != groupARN || len(update.RuleGroup) == 0:
				return nil, "InvalidRequestException"
			case update.UpdateToken != fmt.Sprint(token):
				return nil, "InvalidTokenException"
			}
			token, description, rules = token+1, update.Description, update.RuleGroup
			return now(map[string]any{}), ""
		},
	}
}

const someRules = "pass tcp 10.0.0.0/8 any -> any 443 (sid:9000001; rev:1;)\ndrop tcp any any -> any 23 (msg:\"telnet\"; sid:7; rev:2;)\n"

func ruleGroup(t *testing.T, owner aws.Config, _ string) effect.Target {
	to := at(resource.RuleGroup, "111122223333", groupARN, "cidr", "198.51.100.0/24")
	writeRules(t, owner, nftypes.RuleGroup{
		RulesSource: &nftypes.RulesSource{RulesString: aws.String(someRules)}, RuleVariables: &nftypes.RuleVariables{IPSets: map[string]nftypes.IPSet{"HOME_NET": {Definition: []string{"10.0.0.0/8"}}}},
	})
	return to
}

func writeRules(t *testing.T, owner aws.Config, rules nftypes.RuleGroup) {
	c := networkfirewall.NewFromConfig(owner)
	now := must[*networkfirewall.DescribeRuleGroupOutput](t)(c.DescribeRuleGroup(t.Context(), &networkfirewall.DescribeRuleGroupInput{RuleGroupArn: aws.String(groupARN)}))
	must[*networkfirewall.UpdateRuleGroupOutput](t)(c.UpdateRuleGroup(t.Context(), &networkfirewall.UpdateRuleGroupInput{
		RuleGroupArn: aws.String(groupARN), UpdateToken: now.UpdateToken, RuleGroup: &rules, Description: aws.String("of the team"),
	}))
}

func groupIs(t *testing.T, owner aws.Config, _ effect.Target) string {
	out := must[*networkfirewall.DescribeRuleGroupOutput](t)(networkfirewall.NewFromConfig(owner).DescribeRuleGroup(t.Context(), &networkfirewall.DescribeRuleGroupInput{RuleGroupArn: aws.String(groupARN)}))
	return written(t, out.RuleGroup) + aws.ToString(out.RuleGroupResponse.Description)
}

func otherRules(t *testing.T, owner aws.Config, _ effect.Target) {
	writeRules(t, owner, nftypes.RuleGroup{RulesSource: &nftypes.RulesSource{RulesString: aws.String("drop tcp any any -> any 21 (sid:8;)")}})
}

const listID = "rslvr-fdl-0a1b2c3d4e5f"

// domainLists is one list and one rule that blocks by it, as docs.aws.amazon.com/Route53/latest/APIReference has them.
func domainLists() map[string]testmoto.Answer {
	var names []string
	return map[string]testmoto.Answer{
		"GetFirewallDomainList": func(in json.RawMessage) (any, string) {
			if !strings.Contains(string(in), listID) {
				return nil, "ResourceNotFoundException"
			}
			return map[string]any{"FirewallDomainList": map[string]any{"Id": listID, "Name": "bad", "DomainCount": len(names)}}, ""
		},
		"ListFirewallDomains": func(in json.RawMessage) (any, string) { // one name a page
			var ask struct{ NextToken string }
			if err := json.Unmarshal(in, &ask); err != nil {
				return nil, "ValidationException"
			}
			i := 0
			if _, err := fmt.Sscan(ask.NextToken, &i); i >= len(names) || err != nil && ask.NextToken != "" {
				return map[string]any{"Domains": []string{}}, ""
			}
			page := map[string]any{"Domains": []string{names[i] + "."}}
			if i+1 < len(names) {
				page["NextToken"] = fmt.Sprint(i + 1)
			}
			return page, ""
		},
		"ListFirewallRuleGroups": func(json.RawMessage) (any, string) {
			return map[string]any{"FirewallRuleGroups": []map[string]any{{"Id": "rslvr-frg-1", "Name": "all"}}}, ""
		},
		"ListFirewallRules": func(json.RawMessage) (any, string) {
			return map[string]any{"FirewallRules": []map[string]any{{"Name": "bad", "FirewallDomainListId": listID, "Action": "BLOCK"}}}, ""
		},
		"UpdateFirewallDomains": func(in json.RawMessage) (any, string) {
			var update struct {
				FirewallDomainListId, Operation string
				Domains                         []string
			}
			if err := json.Unmarshal(in, &update); err != nil || update.FirewallDomainListId != listID {
				return nil, "ResourceNotFoundException"
			}
			held := func(n string) bool { return slices.Contains(update.Domains, n) }
			switch update.Operation {
			case "ADD":
				names = append(slices.DeleteFunc(names, held), update.Domains...)
			case "REMOVE":
				names = slices.DeleteFunc(names, held)
			default:
				names = update.Domains
			}
			return map[string]any{"Id": listID, "Status": "UPDATING"}, ""
		},
	}
}

func domainList(t *testing.T, owner aws.Config, account string) effect.Target {
	to := at(resource.DomainList, account, listID, "domain", "Bad.Example.com.")
	update(t, owner, dnstypes.FirewallDomainUpdateOperationReplace, "evil.example.org", "*.evil.example.org")
	return to
}

func update(t *testing.T, owner aws.Config, how dnstypes.FirewallDomainUpdateOperation, names ...string) {
	must[*route53resolver.UpdateFirewallDomainsOutput](t)(route53resolver.NewFromConfig(owner).UpdateFirewallDomains(t.Context(), &route53resolver.UpdateFirewallDomainsInput{
		FirewallDomainListId: aws.String(listID), Operation: how, Domains: names,
	}))
}

func domainsAre(t *testing.T, owner aws.Config, _ effect.Target) string {
	pages := route53resolver.NewListFirewallDomainsPaginator(route53resolver.NewFromConfig(owner), &route53resolver.ListFirewallDomainsInput{FirewallDomainListId: aws.String(listID)})
	var out []string
	for pages.HasMorePages() {
		out = append(out, must[*route53resolver.ListFirewallDomainsOutput](t)(pages.NextPage(t.Context())).Domains...)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func partOfIt(t *testing.T, owner aws.Config, _ effect.Target) {
	update(t, owner, dnstypes.FirewallDomainUpdateOperationAdd, "bad.example.com")
}

// TestPlanOfFirewalls: what the actions on firewalls refuse, what they find nothing in, and what they say.
func TestPlanOfFirewalls(t *testing.T) {
	server := testmoto.Shared(t)
	same := func(*testing.T, aws.Config, *effect.Target) {}
	param := func(name, value string) func(*testing.T, aws.Config, *effect.Target) {
		return func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params[name] = value }
	}
	all := firewallCases()
	for name, c := range map[string]struct {
		turn     func(*testing.T, aws.Config, *effect.Target)
		id, want string
	}{
		"in the set already": {func(t *testing.T, o aws.Config, to *effect.Target) { addresses(t, o, *to, "198.51.100.0/24") }, "wafv2.block-address", "nothing: 198.51.100.7/32 is in the set"},
		"IPv6":               {param("cidr", "2001:db8::1/128"), "wafv2.block-address", "refused: the set is for IPV4"},
		"too wide a set":     {param("cidr", "198.0.0.0/8"), "wafv2.block-address", "refused: 198.0.0.0/8 is wider"},
		"who is let in": {func(t *testing.T, o aws.Config, to *effect.Target) {
			rule(t, o, "staff", *ipSet(t, o, *to).IPSet.ARN, waftypes.RuleAction{Allow: &waftypes.AllowAction{}})
		}, "wafv2.block-address", "refused: a web ACL does something else with the set than block: staff/known"},
		"the description stays": {same, "wafv2.block-address", `"Description":"whom we know"`},
		"the next number":       {same, "network-firewall.deny-address", `drop ip 198.51.100.0/24 any <> any any (msg:\"jobzero: denied\"; sid:9000002; rev:1;)\npass tcp`},
		"rules one by one": {func(t *testing.T, o aws.Config, _ *effect.Target) {
			any := aws.String("ANY")
			writeRules(t, o, nftypes.RuleGroup{RulesSource: &nftypes.RulesSource{StatefulRules: []nftypes.StatefulRule{{
				Action: nftypes.StatefulActionPass, RuleOptions: []nftypes.RuleOption{{Keyword: aws.String("sid:9000001")}},
				Header: &nftypes.Header{Protocol: nftypes.StatefulRuleProtocolTcp, Direction: nftypes.StatefulRuleDirectionForward, Source: any, SourcePort: any, Destination: any, DestinationPort: any},
			}}}})
		}, "network-firewall.deny-address", `"RuleOptions":[{"Keyword":"sid:9000002"}]`},
		"names": {func(t *testing.T, o aws.Config, _ *effect.Target) {
			writeRules(t, o, nftypes.RuleGroup{RulesSource: &nftypes.RulesSource{RulesSourceList: &nftypes.RulesSourceList{
				GeneratedRulesType: nftypes.GeneratedRulesTypeDenylist, TargetTypes: []nftypes.TargetType{nftypes.TargetTypeTlsSni}, Targets: []string{"example.org"},
			}}})
		}, "network-firewall.deny-address", "refused: the group is not one of stateful rules"},
		"of AWS":         {func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID = groupARN + ":aws-managed:" }, "network-firewall.deny-address", "refused: AWS manages"},
		"below it too":   {same, "route53resolver.block-domain", `"Domains":["*.bad.example.com","bad.example.com"]`},
		"half of it":     {func(t *testing.T, o aws.Config, to *effect.Target) { partOfIt(t, o, *to) }, "route53resolver.block-domain", `"Domains":["*.bad.example.com"]`},
		"AWS's own name": {param("domain", "sts.us-east-1.amazonaws.com"), "route53resolver.block-domain", "refused: sts.us-east-1.amazonaws.com is AWS's own"},
		"no such list":   {func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID = "rslvr-fdl-9" }, "route53resolver.block-domain", "nothing: it does not exist any more"},
	} {
		t.Run(name, func(t *testing.T) {
			account, at := testmoto.Account(), actiontest.Stand(server)
			if b := all[c.id].Beside; b != nil {
				at = b(t, server)
			}
			owner := at.Config(account)
			to := all[c.id].Make(t, owner, account)
			c.turn(t, owner, &to)
			for _, a := range builtin.All(builtin.Options{}) {
				if a.Info().ID != c.id {
					continue
				}
				p := must[effect.Plan](t)(a.Plan(t.Context(), action.Session{Reader: owner}, to))
				if got := said(p); !strings.Contains(got, c.want) {
					t.Errorf("got %s\nwant %s", got, c.want)
				}
			}
		})
	}
}
