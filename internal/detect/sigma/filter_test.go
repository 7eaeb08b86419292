package sigma_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

func filterText(lines string) string {
	return "title: my filter\nid: f\nlogsource: {product: aws}\nfilter:\n  " + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n  ") + "\n"
}

// TestFilter: what a filter describes is left out, however its condition is written.
func TestFilter(t *testing.T) {
	const out, in = `{"eventName":"a","user":"adm_x","role":"y"}`, `{"eventName":"a","user":"mia"}`
	const selections = "\nselection: {'user|startswith': adm_}\nother: {role: x}"
	cases := []struct {
		name, lines string
		out, in     []string
	}{
		{"the specification's form", "rules: any\ncondition: selection" + selections, []string{out}, []string{in}},
		{"the implementations' form", "rules: any\ncondition: not selection" + selections, []string{out}, []string{in}},
		{"by id", "rules: [id-a]\ncondition: selection" + selections, []string{out}, []string{in}},
		{"by name, not in a list", "rules: a\ncondition: selection" + selections, []string{out}, []string{in}},
		{"two negations", "rules: any\ncondition: not selection and not other" + selections, []string{out, `{"eventName":"a","role":"x"}`}, []string{in}},
		{"a negation of two", "rules: any\ncondition: not (selection and other)" + selections, []string{`{"eventName":"a","user":"adm_","role":"x"}`}, []string{in, out}},
		{"mixed is what goes", "rules: any\ncondition: selection and not other" + selections, []string{out}, []string{in, `{"eventName":"a","user":"adm_","role":"x"}`}},
		{"patterns", "rules: any\ncondition: not 1 of selection_*\nselection_a: {user: u}\nselection_b: {user: v}", []string{`{"eventName":"a","user":"v"}`}, []string{in}},
		{"all of them", "rules: any\ncondition: all of them" + selections, []string{`{"eventName":"a","user":"adm_","role":"x"}`}, []string{in, out}},
		{"either", "rules: any\ncondition: selection or 1 of oth*" + selections, []string{out, `{"eventName":"a","role":"x"}`}, []string{in}},
		{"neither", "rules: any\ncondition: not selection or not other" + selections, []string{`{"eventName":"a","user":"adm_","role":"x"}`}, []string{in, out}},
		{"keywords", "rules: any\ncondition: selection\nselection: [adm_]", []string{out}, []string{in}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := mustLink(t, join(filterText(c.lines), plainRule("a", "low")))
			if len(s.Rules) != 1 || len(s.Rules[0].Filters) != 1 || s.Rules[0].Filters[0].ID != "f" {
				t.Fatalf("%+v", s.Rules)
			}
			for _, raw := range c.out {
				if fires(t, s.Rules[0], raw) {
					t.Errorf("fires on %s", raw)
				}
			}
			for _, raw := range c.in {
				if !fires(t, s.Rules[0], raw) {
					t.Errorf("does not fire on %s", raw)
				}
			}
		})
	}
}

func TestFilterExplains(t *testing.T) {
	r := mustLink(t, join(filterText("rules: any\ncondition: selection\nselection: {user: adm}"), plainRule("a", "low"))).Rules[0]
	why, err := r.Explain(&event.Event{Raw: []byte(`{"eventName":"a","user":"adm"}`)})
	if err != nil {
		t.Fatal(err)
	}
	want := "s matched: eventName = \"a\" matches \"a\"\nfilter my filter: selection matched: user = \"adm\" matches \"adm\""
	if d := cmp.Diff(want, detect.Explain(why)); d != "" {
		t.Error(d)
	}
}

// TestFilterApplies: a filter is for the rules of its log source that it names.
func TestFilterApplies(t *testing.T) {
	windows := strings.ReplaceAll(plainRule("w", "low"), "{product: aws, service: cloudtrail}", "{product: windows}")
	old := "title: o\nid: old\nlogsource: {product: aws}\ndetection: {s: {a: 1}, timeframe: 1m, condition: s | count() > 5}\n"
	cases := []struct {
		name, rules, source string
		want                string // ids of rules that are filtered
		errs                []string
	}{
		{"any", "any", "{product: aws}", "id-a id-b old/events", nil},
		{"any in another case", "ANY", "{product: AWS, service: CloudTrail}", "id-a id-b", nil},
		{"any of a narrower log source", "any", "{category: x, product: aws}", "", nil},
		{"any of nothing", "any", "{definition: everything}", "id-a id-b id-w old/events", nil},
		{"one by two names", "[id-b, b]", "{product: aws}", "id-b", nil},
		{"one", "[about b]", "{product: aws}", "id-b", nil},
		{"an old rule with an aggregation", "[old]", "{product: aws}", "old/events", nil},
		{"a rule that is not there", "[id-a, z]", "{product: aws}", "id-a", []string{"r.yml:5:17: no rule has z for its id"}},
		{"another log source", "[id-a, id-w]", "{product: aws}", "id-a", []string{"r.yml:5:17: filter my filter is about the log source product aws, and rule id-w about product windows: it is not applied to it"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(filterText("rules: "+c.rules+"\ncondition: s\ns: {user: x}"), "{product: aws}", c.source, 1)
			s, errs := link(join(text, plainRule("a", "low"), plainRule("b", "low"), windows, old), sigma.Options{})
			var got []string
			for _, r := range s.Rules {
				if len(r.Filters) > 0 {
					got = append(got, r.ID)
				}
			}
			if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
				t.Error(d)
			}
			if len(errs) != len(c.errs) {
				t.Fatalf("errors %v", errs)
			}
			for i, err := range errs {
				if !strings.Contains(err.Error(), c.errs[i]) {
					t.Errorf("got  %v\nwant %s", err, c.errs[i])
				}
			}
		})
	}
}

func TestFilterRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"title: t\nfilter: {rules: any, s: {a: 1}, condition: s}\n":                             "r.yml:1:1: a filter needs a logsource",
		"logsource: {product: aws}\nfilter: {rules: any, s: {a: 1}, condition: s}\n":            "a rule needs a title",
		filterText("condition: s\ns: {a: 1}"):                                                   "r.yml:5:3: the filter has no rules",
		filterText("rules: []\ncondition: s\ns: {a: 1}"):                                        "r.yml:5:10: the list of rules is empty",
		filterText("rules: ['']\ncondition: s\ns: {a: 1}"):                                      "or has an empty name",
		filterText("rules: {a: 1}\ncondition: s\ns: {a: 1}"):                                    "the filter has no rules",
		filterText("rules: any\ns: {a: 1}"):                                                     "has no condition",
		filterText("rules: any\ncondition: s"):                                                  "has no search",
		filterText("rules: any\ncondition: s and t\ns: {a: 1}"):                                 `names "t"`,
		filterText("rules: any\ncondition: s | count() > 5\ns: {a: 1}"):                         "an aggregation (| in a condition)",
		filterText("rules: any\ncondition: s\ns: {'a|foo': 1}"):                                 `modifier "foo" is not known`,
		"title: t\nlogsource: {product: aws}\nfilter: everything\n":                             "r.yml:3:9: filter is a text: want a map",
		filterText("rules: any\ncondition: s\ns: {a: 1}") + "detection: {s: 1, condition: s}\n": "this document has filter and detection",
	} {
		s, errs := link(text, sigma.Options{})
		if len(errs) != 1 || len(s.Filters) != 0 || !strings.HasPrefix(errs[0].Error(), "r.yml:") || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%q\ngot  %v\nwant %s", text, errs, want)
		}
	}
}
