package networkfirewall

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"

	"jobzero/internal/action/setting"
)

// firstSID is where our rules begin to be numbered: far from the numbers that people and published sets use.
const firstSID = 9_000_001

var sids = regexp.MustCompile(`sid:\s*(\d+)`)

// text is one rule as Suricata writes it, both ways (docs.suricata.io/en/latest/rules/intro.html), without its options.
func text(cidr string) string { return "drop ip " + cidr + " any <> any any (" }

// drops reports whether a rule drops the range both ways, as this action writes it.
func drops(g *types.RuleGroup, cidr string) bool {
	for line := range strings.Lines(aws.ToString(g.RulesSource.RulesString)) {
		if strings.HasPrefix(strings.TrimSpace(line), text(cidr)) {
			return true
		}
	}
	return slices.ContainsFunc(g.RulesSource.StatefulRules, func(r types.StatefulRule) bool {
		return r.Action == types.StatefulActionDrop && setting.Alike(r.Header, header(cidr))
	})
}

// header is what a rule is about.
func header(cidr string) *types.Header {
	all := aws.String("ANY")
	return &types.Header{
		Protocol: types.StatefulRuleProtocolAny, Direction: types.StatefulRuleDirectionAny, Source: &cidr, SourcePort: all, Destination: all, DestinationPort: all,
	}
}

// with gives the group with one rule more, before all others: where the order is strict the first rule that fits counts.
func with(g *types.RuleGroup, cidr string) (more *types.RuleGroup, line string) {
	group, source := *g, *g.RulesSource
	group.RulesSource = &source
	number := free(g)
	line = fmt.Sprintf(`%smsg:"jobzero: denied"; sid:%d; rev:1;)`, text(cidr), number)
	if source.RulesString != nil {
		source.RulesString = aws.String(line + "\n" + *source.RulesString)
		return &group, line
	}
	rule := types.StatefulRule{
		Action: types.StatefulActionDrop, Header: header(cidr), RuleOptions: []types.RuleOption{{Keyword: aws.String(fmt.Sprintf("sid:%d", number))}},
	}
	source.StatefulRules = append([]types.StatefulRule{rule}, source.StatefulRules...)
	return &group, line
}

// free is the lowest number from our first that no rule of the group has.
func free(g *types.RuleGroup) int {
	taken := map[string]bool{}
	note := func(s string) {
		for _, m := range sids.FindAllStringSubmatch(s, -1) {
			taken[m[1]] = true
		}
	}
	note(aws.ToString(g.RulesSource.RulesString))
	for _, r := range g.RulesSource.StatefulRules {
		for _, o := range r.RuleOptions {
			note(aws.ToString(o.Keyword))
			note(aws.ToString(o.Keyword) + ":" + strings.Join(o.Settings, ""))
		}
	}
	number := firstSID
	for taken[strconv.Itoa(number)] {
		number++
	}
	return number
}

// passes reports whether rules of the group pass something before any drops: that is the default order.
func passes(g *types.RuleGroup) bool {
	if o := g.StatefulRuleOptions; o != nil && o.RuleOrder == types.RuleOrderStrictOrder {
		return false
	}
	for line := range strings.Lines(aws.ToString(g.RulesSource.RulesString)) {
		if strings.HasPrefix(strings.TrimSpace(line), "pass ") {
			return true
		}
	}
	return slices.ContainsFunc(g.RulesSource.StatefulRules, func(r types.StatefulRule) bool { return r.Action == types.StatefulActionPass })
}
