package scope_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/detect/scope"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/org"
)

const rules = `title: Everywhere
id: everywhere
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: A}, condition: s}
---
title: Production
id: production
level: high
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: A}, condition: s}
jobzero:
  where: {environments: [prod]}
  levels: [{where: {tags: [data=personal]}, level: critical}]
---
title: By number
id: number
level: low
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: A}, condition: s}
jobzero: {where: {accounts: ['4444*']}}
---
title: Above
id: above
level: low
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: A}, condition: s}
jobzero: {where: {units: [root]}}
`

// judged is what counts in an account, with its level.
func judged(t *testing.T, o *org.Org, account string) (out []string) {
	t.Helper()
	set, errs := sigma.Read("r.yml", []byte(rules), sigma.Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var all []detect.Match
	for _, r := range set.Rules {
		all = append(all, detect.Match{Rule: &r.Rule})
	}
	for _, m := range scope.New(set, o).Matches(all, &event.Event{Account: account}) {
		out = append(out, m.Rule.ID+" "+string(m.Rule.Level))
	}
	for _, r := range set.Rules {
		if want := map[string]string{"everywhere": "high", "production": "high"}[r.ID]; want != "" && string(r.Level) != want {
			t.Errorf("the rule itself has changed: %s is %s", r.ID, r.Level)
		}
	}
	return out
}

func TestMatches(t *testing.T) {
	o, err := org.Parse("org.yaml", []byte(org.Example()))
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string][]string{
		"111122223333": {"everywhere high", "production critical", "above low"},
		"444455556666": {"everywhere high", "number low", "above low"},
		"999999999999": {"everywhere high"},
		"":             {"everywhere high"},
	} {
		if d := cmp.Diff(want, judged(t, o, account)); d != "" {
			t.Errorf("%q (-want +got)\n%s", account, d)
		}
	}
	if d := cmp.Diff([]string{"everywhere high", "number low"}, judged(t, nil, "444455556666")); d != "" {
		t.Errorf("without an organisation: %s", d)
	}
	var none *scope.Scopes
	if got := none.Matches([]detect.Match{{Rule: &detect.Rule{ID: "production"}}}, &event.Event{Account: "1"}); len(got) != 1 {
		t.Error("nobody asked for scopes, and a match is gone")
	}
}

// A rule that asks for what nobody knows would be silent for ever: that is said, and an account's number needs nobody.
func TestProblems(t *testing.T) {
	set, _ := sigma.Read("r.yml", []byte(rules), sigma.Options{})
	got := scope.New(set, nil).Problems()
	if len(got) != 2 || !strings.Contains(got[0].Error(), "above") || !strings.Contains(got[1].Error(), "r.yml:7:1: rule production") {
		t.Errorf("%v", got)
	}
	if got := scope.New(set, &org.Org{}).Problems(); got != nil {
		t.Errorf("with an organisation: %v", got)
	}
}
