package sigma_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/fault"
)

func count(id string, lines string) string {
	return "title: T " + id + "\nid: " + id + "\nname: n-" + id + "\ncorrelation:\n  type: event_count\n  timespan: 1m\n  condition: {gte: 2}\n  " +
		strings.ReplaceAll(lines, "\n", "\n  ") + "\n"
}

func join(documents ...string) string { return strings.Join(documents, "---\n") }

// shape is what Link made of a set: for each document its sources, and a dot behind those that only serve others.
func shape(s sigma.Set) map[string]string {
	out := map[string]string{}
	dot := func(id string, part bool) string {
		if part {
			return id + "."
		}
		return id
	}
	for _, r := range s.Rules {
		out[dot(r.ID, r.Part)] = ""
	}
	for _, c := range s.Correlations {
		var sources []string
		for _, x := range c.Sources {
			if x.Rule != nil {
				sources = append(sources, x.Rule.ID)
			} else {
				sources = append(sources, "-> "+x.Correlation.ID)
			}
		}
		out[dot(c.ID, c.Part)] = strings.Join(sources, " ")
	}
	return out
}

func TestLink(t *testing.T) {
	rule := func(name string) string { return plainRule(name, "low") }
	cases := []struct {
		name, text string
		want       map[string]string
	}{
		{"by id", join(count("x", "rules: [id-a]"), rule("a"), rule("b")), map[string]string{"x": "id-a", "id-a.": "", "id-b": ""}},
		{"by name", join(rule("a"), count("x", "rules: [a]")), map[string]string{"x": "id-a", "id-a.": ""}},
		{"by title", join(rule("a"), count("x", "rules: [about a]")), map[string]string{"x": "id-a", "id-a.": ""}},
		{"generate in the correlation", join(rule("a"), count("x", "rules: [a]\ngenerate: true")), map[string]string{"x": "id-a", "id-a": ""}},
		{"generate above", join(rule("a"), count("x", "rules: [a]")+"generate: true\n"), map[string]string{"x": "id-a", "id-a": ""}},
		{"one generates, one does not", join(rule("a"), count("x", "rules: [a]"), count("y", "rules: [a]\ngenerate: true")), map[string]string{"x": "id-a", "y": "id-a", "id-a": ""}},
		{"a chain", join(count("x", "rules: [y]"), count("y", "rules: [n-z]"), count("z", "rules: [a]"), rule("a")), map[string]string{"x": "-> y", "y.": "-> z", "z.": "id-a", "id-a.": ""}},
		{"rule and correlation", join(count("x", "rules: [y, a]"), count("y", "rules: [a]"), rule("a")), map[string]string{"x": "-> y id-a", "y.": "id-a", "id-a.": ""}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, shape(mustLink(t, c.text))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLinkRefuses(t *testing.T) {
	a, b := plainRule("a", "low"), plainRule("b", "low")
	cases := []struct {
		name, text string
		want       []string
		left       map[string]string
	}{
		{"unknown", join(count("x", "rules: [a, z]"), a), []string{"r.yml:8:14: no rule has z for its id, name or title"}, map[string]string{"id-a.": ""}},
		{"needs itself", count("x", "rules: [x]"), []string{"r.yml:8:11: rule x cannot be used: r.yml:5:3: correlation x needs itself"}, nil},
		{
			"a circle", join(count("x", "rules: [y]"), count("y", "rules: [x]"), count("z", "rules: [a]"), a),
			[]string{"correlation x needs itself", "r.yml:17:11: rule x cannot be used"},
			map[string]string{"z": "id-a", "id-a.": ""},
		},
		{"needs a broken one", join(count("x", "rules: [y]"), count("y", "rules: [z]")), []string{"r.yml:8:11: rule y cannot be used: r.yml:17:11: no rule has z", "r.yml:17:11: no rule has z"}, nil},
		{"two of a name", join(count("x", "rules: [a]"), a, strings.Replace(a, "id-a", "other", 1)), []string{"a is what two rules are called, r.yml:10:1 and r.yml:17:1"}, map[string]string{"id-a": "", "other": ""}},
		{"alias for another rule", join(count("x", "rules: [a]\naliases: {u: {a: f, b: g}}"), a, b), []string{"r.yml:9:23: alias u is for b, which is not among the rules"}, map[string]string{"id-a.": "", "id-b": ""}},
		{"alias for no rule", join(count("x", "rules: [a]\naliases: {u: {a: f, z: g}}"), a), []string{"no rule has z"}, map[string]string{"id-a.": ""}},
		{"alias lacks a rule", join(count("x", "rules: [a, b]\naliases: {u: {a: f}}\ngroup-by: u"), a, b), []string{"r.yml:9:13: alias u has no field for b"}, map[string]string{"id-a.": "", "id-b.": ""}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, errs := link(c.text, sigma.Options{})
			if len(errs) != len(c.want) {
				t.Fatalf("errors %v, want %d", errs, len(c.want))
			}
			for i, err := range errs {
				if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") || !strings.Contains(err.Error(), c.want[i]) {
					t.Errorf("got  %v\nwant %s", err, c.want[i])
				}
			}
			if d := cmp.Diff(c.left, shape(s), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestLinkPlaces: the specification's example of aliases, and names that mean themselves.
func TestLinkPlaces(t *testing.T) {
	s := mustLink(t, join("title: t\nid: x\ncorrelation:\n  type: temporal\n  rules: [a, id-b]\n  timespan: 10s\n  group-by: [internal_ip, region]\n"+
		"  aliases:\n    internal_ip: {a: destination.ip, b: source.ip}\n    unused: {id-a: f, id-b: g}\n", plainRule("a", "low"), plainRule("b", "low")))
	var got [][]string
	for _, x := range s.Correlations[0].Sources {
		got = append(got, x.Group)
	}
	if d := cmp.Diff([][]string{{"destination.ip", "region"}, {"source.ip", "region"}}, got); d != "" {
		t.Error(d)
	}
	s = mustLink(t, join("title: t\nid: x\ncorrelation:\n  type: value_count\n  rules: [a]\n  timespan: 10s\n  condition: {gte: 1, field: [who, what]}\n"+
		"  aliases: {who: {a: user.name}}\n", plainRule("a", "low")))
	if d := cmp.Diff([]string{"user.name", "what"}, s.Correlations[0].Sources[0].Fields); d != "" {
		t.Error(d)
	}
}

// TestLinkPlacesOfChains: what a correlation groups by may have another name in one that it is about.
func TestLinkPlacesOfChains(t *testing.T) {
	s := mustLink(t, join(count("x", "rules: [n-y, a]\ngroup-by: who\naliases: {who: {y: user, a: login}}"), count("y", "rules: [a]\ngroup-by: user"), plainRule("a", "low")))
	x := s.Correlations[0]
	if got := [2]string{x.Sources[0].Group[0], x.Sources[1].Group[0]}; got != [2]string{"user", "login"} || x.Sources[0].Correlation != s.Correlations[1] {
		t.Errorf("got %q", got)
	}
}

// TestLinkTexts: a name is first that of a rule of the same text, and what stands in another text speaks for itself.
func TestLinkTexts(t *testing.T) {
	other := strings.ReplaceAll(plainRule("a", "low"), "id-a", "elsewhere")
	fsys := fstest.MapFS{
		"1.yml": {Data: []byte(join(count("x", "rules: [a, b]"), plainRule("a", "low")))},
		"2.yml": {Data: []byte(join(other, plainRule("b", "low")))},
		"3.yml": {Data: []byte(count("y", "rules: [id-b, x]"))},
	}
	all, errs := sigma.LoadAll(fsys, ".", sigma.Options{})
	s, bad := all.Link()
	for _, err := range append(errs, bad...) {
		t.Error(err)
	}
	want := map[string]string{"x": "id-a id-b", "y": "id-b -> x", "id-a.": "", "id-b": "", "elsewhere": ""}
	if d := cmp.Diff(want, shape(s)); d != "" {
		t.Error(d)
	}
	if all.Correlations[0].Sources[0].Rule != nil || all.Rules[1].Part {
		t.Error("Link changed what it was given")
	}
}

func TestLinkIdle(t *testing.T) {
	windows := strings.ReplaceAll(plainRule("b", "low"), "{product: aws, service: cloudtrail}", "{product: windows}")
	for lines, idle := range map[string]bool{
		"type: event_count\nrules: [a, b]\ncondition: {gte: 1}": false,
		"type: event_count\nrules: [b]\ncondition: {gte: 1}":    true,
		"type: temporal\nrules: [a, b]":                         true,
		"type: temporal\nrules: [a, b]\ncondition: {gte: 1}":    false,
		"type: temporal\nrules: [a, b]\ncondition: a or b":      false,
		"type: temporal\nrules: [a, b]\ncondition: a and not b": false,
		"type: temporal\nrules: [a, b]\ncondition: b and not a": true,
	} {
		text := "title: t\nid: x\ncorrelation:\n  timespan: 1m\n  " + strings.ReplaceAll(lines, "\n", "\n  ") + "\n"
		c := mustLink(t, join(text, plainRule("a", "low"), windows)).Correlations[0]
		if (c.Idle != "") != idle {
			t.Errorf("%s: idle %q", lines, c.Idle)
		}
	}
}

func TestLogSources(t *testing.T) {
	guardduty := detect.LogSource{Product: "aws", Service: "guardduty"}
	flow := detect.LogSource{Category: "network", Product: "aws", Service: "vpcflow"}
	for source, want := range map[string]string{
		"{product: aws, service: guardduty}":  "",
		"{product: aws}":                      "",
		"{category: network}":                 "",
		"{product: aws, service: cloudtrail}": "its log source (product aws, service cloudtrail) is not one that is read here (product aws, service guardduty; category network, product aws, service vpcflow)",
		"{category: dns, product: aws}":       "its log source (category dns, product aws) is not one",
		"{definition: x}":                     "its log source (which names no category, product or service) is not one",
	} {
		s, errs := link("title: t\nlogsource: "+source+"\ndetection: {s: {a: 1}, condition: s}\n", sigma.Options{Logs: []sigma.Log{{Log: "aws/guardduty", Sources: []detect.LogSource{guardduty}}, {Log: event.VPCFlow, Sources: []detect.LogSource{flow}}}})
		if len(errs) > 0 || len(s.Rules) != 1 {
			t.Fatalf("%s: %v", source, errs)
		}
		if got := s.Rules[0].Idle; (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: idle %q, want %q", source, got, want)
		}
	}
}
