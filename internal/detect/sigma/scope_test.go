package sigma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/finding"
)

func scoped(jobzero string) string { return plainRule("a", "medium") + "jobzero: " + jobzero + "\n" }

var payments = sigma.Scope{
	Account: "111122223333", Name: "payments-prod", Units: []string{"Payments", "Workloads", "Root"}, Environment: "prod",
	Tags: map[string]string{"team": "payments", "pci": "yes"},
}

func TestApplies(t *testing.T) {
	for where, want := range map[string]bool{
		"{accounts: [111122223333]}":                           true,
		"{accounts: '1111*'}":                                  true,
		"{accounts: [x, payments-*]}":                          true,
		"{accounts: [111122224444]}":                           false,
		"{units: [workloads]}":                                 true,
		"{units: [Sandbox]}":                                   false,
		"{environments: [prod, staging]}":                      true,
		"{environments: [dev]}":                                false,
		"{tags: [team=pay*]}":                                  true,
		"{tags: [pci]}":                                        true,
		"{tags: [team=platform]}":                              false,
		"{tags: [owner]}":                                      false,
		"{environments: [prod], units: [Sandbox, Work?oads]}":  true,
		"{environments: [prod], units: [Sandbox]}":             false,
		"{accounts: ['*'], units: ['*'], environments: ['*']}": true,
	} {
		s := mustLink(t, scoped("{where: "+where+"}"))
		if got := s.Rules[0].Applies(payments); got != want {
			t.Errorf("%s: %v", where, got)
		}
		if s.Rules[0].Applies(sigma.Scope{}) {
			t.Errorf("%s applies where nothing is known", where)
		}
	}
	if !mustLink(t, plainRule("a", "low")).Rules[0].Applies(sigma.Scope{}) {
		t.Error("a rule without where does not apply everywhere")
	}
}

func TestLevelIn(t *testing.T) {
	const levels = "{levels: [{where: {environments: [sandbox]}, level: informational}, {where: {units: [Payments]}, level: critical}, {where: {units: ['*']}, level: low}]}"
	rule := mustLink(t, scoped(levels)).Rules[0]
	correlation := mustLink(t, join(count("x", "rules: [a]")+"level: medium\njobzero: "+levels+"\n", plainRule("a", "low"))).Correlations[0]
	for want, scope := range map[finding.Severity]sigma.Scope{
		finding.Informational: {Environment: "sandbox", Units: []string{"Payments"}},
		finding.Critical:      payments,
		finding.Low:           {Units: []string{"Root"}},
		finding.Medium:        {Environment: "prod"},
	} {
		if got := rule.LevelIn(scope); got != want {
			t.Errorf("rule: %s, want %s", got, want)
		}
		if got := correlation.LevelIn(scope); got != want {
			t.Errorf("correlation: %s, want %s", got, want)
		}
	}
}

func TestScopingReads(t *testing.T) {
	s := mustLink(t, scoped("{where: {accounts: 012345678901, units: [a, b], environments: prod, tags: [c]}, levels: [{where: {tags: d}, level: high}]}"))
	want := sigma.Scoping{
		Where:  sigma.Where{Accounts: []string{"012345678901"}, Units: []string{"a", "b"}, Environments: []string{"prod"}, Tags: []string{"c"}},
		Levels: []sigma.ScopedLevel{{Where: sigma.Where{Tags: []string{"d"}}, Level: finding.High}},
	}
	if d := cmp.Diff(want, s.Rules[0].Scoping); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"{where: prod}":                               "r.yml:7:18: where is a text: want a map",
		"{where: {}}":                                 "where is empty",
		"{where: {account: [a]}}":                     `r.yml:7:19: unknown field "account" in where: use accounts, units, environments, tags`,
		"{where: {accounts: []}}":                     "accounts is empty",
		"{where: {accounts: ['']}}":                   "accounts holds an empty text",
		"{where: {tags: {team: a}}}":                  "tags holds a map",
		"{levels: high}":                              "levels is a text: want a list",
		"{levels: [{level: high}]}":                   "this level has no where",
		"{levels: [{where: {units: a}}]}":             "this item has no level",
		"{levels: [{where: {units: a}, level: bad}]}": `level "bad": use informational`,
		"{levels: [{where: {unit: a}, level: low}]}":  `unknown field "unit" in where`,
		"{levels: [{where: {units: a}, levl: low}]}":  `unknown field "levl" in an item of levels`,
		"{levels: [high]}":                            "an item of levels is a text",
	} {
		if _, errs := link(scoped(text), sigma.Options{}); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", text, errs, want)
		}
	}
}
