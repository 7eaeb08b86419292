package sigma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

func TestReadPlaceholders(t *testing.T) {
	got, err := sigma.ReadPlaceholders("p.yml", []byte("placeholders:\n  Admins: [mia, 'k*m']\n  Net_1.a-b: 203.0.113.0/24\n---\nplaceholders: {Port: 22}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string][]string{"Admins": {"mia", "k*m"}, "Net_1.a-b": {"203.0.113.0/24"}, "Port": {"22"}}, got); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"placeholders: [a]":         "p.yml:1:1: want placeholders:",
		"x: 1":                      `p.yml:1:1: unknown field "x"`,
		"placeholders: {a: []}":     "p.yml:1:16: placeholder a has no values",
		"placeholders: {a: }":       "placeholder a has no values",
		"placeholders: {'%a%': b}":  "is no name of a placeholder",
		"placeholders: {a: {b: c}}": "a holds a map: want texts",
		"placeholders: {a: b}\n---\nplaceholders: {a: c}": "p.yml:3:16: placeholder a has values already",
		"- a":  "p.yml:1:1: a file of placeholders is a list",
		"a: [": "p.yml:",
	} {
		if _, err := sigma.ReadPlaceholders("p.yml", []byte(text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// FuzzReadPlaceholders: whatever a file holds, an error has a place, and what is read can be put into a rule.
func FuzzReadPlaceholders(f *testing.F) {
	for _, text := range []string{"placeholders: {a: [b, c], d: 1}", "placeholders: {a: null}", "placeholders:\n  a: |\n    x\n", "- 1", "placeholders: {'%': x}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := sigma.ReadPlaceholders("p.yml", []byte(text))
		if err != nil {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "p.yml:") {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		for name, values := range got {
			rule := ruleText("s: {'f|expand': '%" + name + "%'}\ncondition: s")
			if _, errs := sigma.Read("r.yml", []byte(rule), sigma.Options{Placeholders: got}); len(errs) > 0 || len(values) == 0 {
				t.Fatalf("placeholder %q with %q: %v", name, values, errs)
			}
		}
	})
}

// Options of several files add up, and those that were there stay as they are.
func TestOptionsWith(t *testing.T) {
	first := sigma.Options{}.With(map[string][]string{"a": {"1"}}, []sigma.Mapping{{Taxonomy: "x"}})
	second := first.With(map[string][]string{"a": {"2"}, "b": {"3"}}, []sigma.Mapping{{Taxonomy: "y"}})
	if d := cmp.Diff(map[string][]string{"a": {"1", "2"}, "b": {"3"}}, second.Placeholders); d != "" || len(second.Mappings) != 2 {
		t.Error(d, second.Mappings)
	}
	if d := cmp.Diff(map[string][]string{"a": {"1"}}, first.Placeholders); d != "" || len(first.Mappings) != 1 {
		t.Error(d, first.Mappings)
	}
}

// A house's own scope takes the place of the rule's; a name that nobody has is said.
func TestRescoped(t *testing.T) {
	s, errs := sigma.Read("r.yml", []byte(join(scoped("{where: {accounts: ['4*']}}"), plainRule("b", "high"), count("x", "rules: [b]"))), sigma.Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	to := sigma.Scoping{Where: sigma.Where{Environments: []string{"prod"}}}
	got, errs := s.Rescoped([]sigma.Rescope{{[]string{"a", "x", "nobody"}, to}})
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "nobody") {
		t.Errorf("%v", errs)
	}
	if !got.Rules[0].Applies(payments) || s.Rules[0].Applies(payments) || !got.Rules[1].Everywhere() || got.Correlations[0].Everywhere() {
		t.Errorf("%+v", got.Rules)
	}
	if !to.NeedsOrg() || s.Rules[0].NeedsOrg() || !(sigma.Scoping{Where: sigma.Where{Accounts: []string{"pay*"}}}).NeedsOrg() {
		t.Error("what an account's ID alone can tell")
	}
}
