package sigma_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// link reads a text and links it.
func link(text string, o sigma.Options) (sigma.Set, []error) {
	s, errs := sigma.Read("r.yml", []byte(text), o)
	out, bad := s.Link()
	return out, append(errs, bad...)
}

// mustLink is link for a text without a fault.
func mustLink(t testing.TB, text string) sigma.Set {
	t.Helper()
	s, errs := link(text, sigma.Options{})
	for _, err := range errs {
		t.Error(err)
	}
	return s
}

// plainRule is a rule for events of a name.
func plainRule(name, level string) string {
	return "title: about " + name + "\nid: id-" + name + "\nname: " + name + "\nlevel: " + level +
		"\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {eventName: " + name + "}, condition: s}\n"
}

// correlationText is a correlation of the lines given, over rules a, b and c of the same text.
func correlationText(lines string) string {
	return "title: t\nid: x\ncorrelation:\n  " + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n  ") + "\n---\n" +
		plainRule("a", "low") + "---\n" + plainRule("b", "high") + "---\n" + plainRule("c", "medium")
}

// demand is what a correlation asks for.
type demand struct {
	Type       sigma.CorrelationType
	Sources    string
	GroupBy    []string
	Timespan   time.Duration
	Fields     []string
	Percentile float64
	Bounds     []sigma.Bound
	Condition  sigma.Expr
}

func demandOf(c *sigma.Correlation) demand {
	var names []string
	for _, s := range c.Sources {
		names = append(names, s.Name)
	}
	return demand{c.Type, strings.Join(names, " "), c.GroupBy, c.Timespan, c.Fields, c.Percentile, c.Bounds, c.Condition}
}

func TestReadCorrelation(t *testing.T) {
	const few = "rules: [a]\ngroup-by: [u]\ntimespan: 1h\n"
	bound := func(op sigma.Op, n float64) []sigma.Bound { return []sigma.Bound{{Op: op, Value: n}} }
	cases := []struct {
		name, text string
		want       demand
	}{
		{"event_count", few + "type: event_count\ncondition: {gte: 100}", demand{Type: "event_count", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Bounds: bound("gte", 100)}},
		{"one name, no group", "rules: a\ntimespan: 90m\ntype: event_count\ncondition: {neq: 3}", demand{Type: "event_count", Sources: "a", Timespan: 90 * time.Minute, Bounds: bound("neq", 3)}},
		{"one group", "rules: a\ngroup-by: u\ntimespan: 7d\ntype: event_count\ncondition: {eq: 3}", demand{Type: "event_count", Sources: "a", GroupBy: []string{"u"}, Timespan: 7 * 24 * time.Hour, Bounds: bound("eq", 3)}},
		{"range", few + "type: event_count\ncondition: {gt: 100, lte: 200}", demand{Type: "event_count", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Bounds: []sigma.Bound{{Op: "gt", Value: 100}, {Op: "lte", Value: 200}}}},
		{"value_count", few + "type: value_count\ncondition: {field: v, lt: 3}", demand{Type: "value_count", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v"}, Bounds: bound("lt", 3)}},
		{"value_count of several fields", few + "type: value_count\ncondition: {field: [v, w], gte: 3}", demand{Type: "value_count", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v", "w"}, Bounds: bound("gte", 3)}},
		{"value_sum", few + "type: value_sum\ncondition: {field: v, gt: 1000000}", demand{Type: "value_sum", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v"}, Bounds: bound("gt", 1e6)}},
		{"value_avg", few + "type: value_avg\ncondition: {field: v, gt: 0.5}", demand{Type: "value_avg", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v"}, Bounds: bound("gt", .5)}},
		{"value_percentile", few + "type: value_percentile\ncondition: {field: v, percentile: 99.5, gt: 10}", demand{Type: "value_percentile", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v"}, Percentile: 99.5, Bounds: bound("gt", 10)}},
		{"the specification's percentile", few + "type: value_percentile\ncondition: {field: image, lte: 1}", demand{Type: "value_share", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"image"}, Bounds: bound("lte", 1)}},
		{"value_median", few + "type: value_median\ncondition: {field: v, gt: 10}", demand{Type: "value_percentile", Sources: "a", GroupBy: []string{"u"}, Timespan: time.Hour, Fields: []string{"v"}, Percentile: 50, Bounds: bound("gt", 10)}},
		{"temporal", "rules: [a, b, c]\ntimespan: 5m\ntype: temporal", demand{Type: "temporal", Sources: "a b c", Timespan: 5 * time.Minute, Bounds: bound("gte", 3)}},
		{"temporal of some", "rules: [a, b, c]\ntimespan: 30s\ntype: temporal\ncondition: {gte: 2}", demand{Type: "temporal", Sources: "a b c", Timespan: 30 * time.Second, Bounds: bound("gte", 2)}},
		{"temporal_ordered", "rules: [b, a]\ntimespan: 5m\ntype: temporal_ordered", demand{Type: "temporal_ordered", Sources: "b a", Timespan: 5 * time.Minute, Bounds: bound("gte", 2)}},
		{"all in words", "rules: [b, a]\ntimespan: 5m\ntype: temporal_ordered\ncondition: a AND b", demand{Type: "temporal_ordered", Sources: "b a", Timespan: 5 * time.Minute, Bounds: bound("gte", 2)}},
		{"absence", "rules: [a, b]\ntimespan: 5m\ntype: temporal\ncondition: a and not b", demand{Type: "temporal", Sources: "a b", Timespan: 5 * time.Minute, Condition: sigma.And{sigma.Seen{Source: 0}, sigma.Not{Item: sigma.Seen{Source: 1}}}}},
		{
			"names from the condition", "timespan: 5m\ntype: temporal_ordered\ncondition: (c or a) and not b",
			demand{
				Type: "temporal_ordered", Sources: "c a b", Timespan: 5 * time.Minute,
				Condition: sigma.And{sigma.Or{sigma.Seen{Source: 0}, sigma.Seen{Source: 1}}, sigma.Not{Item: sigma.Seen{Source: 2}}},
			},
		},
		{"ids in the condition", "rules: [id-a, id-b]\ntimespan: 5m\ntype: temporal\ncondition: id-a or id-b", demand{Type: "temporal", Sources: "id-a id-b", Timespan: 5 * time.Minute, Condition: sigma.Or{sigma.Seen{Source: 0}, sigma.Seen{Source: 1}}}},
		{"a week", "rules: a\ntimespan: 2w\ntype: event_count\ncondition: {gte: 1}", demand{Type: "event_count", Sources: "a", Timespan: 14 * 24 * time.Hour, Bounds: bound("gte", 1)}},
		{"a month", "rules: a\ntimespan: 1M\ntype: event_count\ncondition: {gte: 1}", demand{Type: "event_count", Sources: "a", Timespan: 2629746 * time.Second, Bounds: bound("gte", 1)}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := mustLink(t, correlationText(c.text))
			if len(s.Correlations) != 1 {
				t.Fatalf("%d correlations", len(s.Correlations))
			}
			if d := cmp.Diff(c.want, demandOf(s.Correlations[0]), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadCorrelationRefuses(t *testing.T) {
	const few = "rules: [a]\ntimespan: 1h\n"
	cases := []struct{ name, text, want string }{
		{"no map", "type", "r.yml:4:3: correlation is a text: want a map"},
		{"unknown key", few + "type: event_count\ncondition: {gte: 1}\ngroupby: [a]", `r.yml:8:3: unknown field "groupby" in correlation`},
		{"no type", few, `r.yml:4:3: correlation type "": use event_count`},
		{"unknown type", few + "type: count", `r.yml:6:9: correlation type "count"`},
		{"no rules", "type: event_count\ntimespan: 1h\ncondition: {gte: 1}", "r.yml:4:3: the correlation has no rules"},
		{"no rules for temporal", "type: temporal\ntimespan: 1h", "the correlation has no rules"},
		{"empty rules", "type: temporal\ntimespan: 1h\nrules: []", "the list of rules is empty"},
		{"the same rule twice", "type: temporal\ntimespan: 1h\nrules: [a, b, a]", "r.yml:6:17: rule a is listed twice"},
		{"no name", "type: temporal\ntimespan: 1h\nrules: [a, '']", "a rule without a name"},
		{"no timespan", "type: temporal\nrules: [a]", "the correlation has no timespan"},
		{"bad timespan", "type: temporal\nrules: [a]\ntimespan: 10 minutes", `r.yml:6:13: time "10 minutes"`},
		{"no unit", "type: temporal\nrules: [a]\ntimespan: 10", `time "10"`},
		{"no time", "type: temporal\nrules: [a]\ntimespan: 0m", `time "0m"`},
		{"too long", "type: temporal\nrules: [a]\ntimespan: 9999999999d", "is too long"},
		{"grouped twice", few + "type: event_count\ncondition: {gte: 1}\ngroup-by: [u, u]", "group-by has u twice"},
		{"grouped by nothing", few + "type: event_count\ncondition: {gte: 1}\ngroup-by: ['']", "group-by has an empty name"},
		{"grouped by elements", few + "type: event_count\ncondition: {gte: 1}\ngroup-by: ['u[any].v']", "u[any].v has no single place"},
		{"no condition", few + "type: event_count", "the correlation has no condition"},
		{"text condition", few + "type: event_count\ncondition: a and not b", "the condition of a correlation of type event_count is a map"},
		{"no comparison", few + "type: event_count\ncondition: {}", "compares with nothing"},
		{"unknown operator", few + "type: event_count\ncondition: {ge: 1}", `unknown field "ge" in condition`},
		{"no number", few + "type: event_count\ncondition: {gte: many}", `r.yml:7:20: "many" is no number`},
		{"half an event", few + "type: event_count\ncondition: {gte: 1.5}", "a count is a whole number"},
		{"less than nothing", few + "type: event_count\ncondition: {lt: 1}", "can never hold"},
		{"empty range", few + "type: event_count\ncondition: {gt: 5, lt: 6}", "can never hold"},
		{"empty range of numbers", few + "type: value_sum\ncondition: {field: v, gt: 5, lt: 5}", "can never hold"},
		{"two lower bounds", few + "type: event_count\ncondition: {gt: 5, gte: 6}", "a condition has one comparison, or"},
		{"three bounds", few + "type: event_count\ncondition: {gt: 5, lt: 9, neq: 7}", "a condition has one comparison, or"},
		{"more rules than there are", "rules: [a, b]\ntimespan: 1h\ntype: temporal\ncondition: {gt: 2}", "the correlation has only 2 rules"},
		{"no field", few + "type: value_count\ncondition: {gte: 1}", "needs a field"},
		{"empty field", few + "type: value_count\ncondition: {gte: 1, field: []}", "field is empty"},
		{"field of nothing", few + "type: event_count\ncondition: {gte: 1, field: v}", "is about no field"},
		{"several fields", few + "type: value_sum\ncondition: {gte: 1, field: [v, w]}", "only value_count can take several"},
		{"percentile elsewhere", few + "type: value_sum\ncondition: {gte: 1, field: v, percentile: 5}", "percentile belongs to value_percentile"},
		{"percentile over 100", few + "type: value_percentile\ncondition: {gte: 1, field: v, percentile: 101}", "want a number from 0 to 100"},
		{"share over 100", few + "type: value_percentile\ncondition: {gte: 500, field: v}", "add percentile: 95"},
		{"unknown rule in the condition", "rules: [a, b]\ntimespan: 1h\ntype: temporal\ncondition: a and c", "names c, which is not among the rules"},
		{"unused rule", "rules: [a, b]\ntimespan: 1h\ntype: temporal\ncondition: not a or a", "rule b is listed but"},
		{"only absence", "rules: [a]\ntimespan: 1h\ntype: temporal\ncondition: not a", "holds when nothing at all happens"},
		{"contradiction", "rules: [a, b]\ntimespan: 1h\ntype: temporal\ncondition: a and b and not a", "can never hold"},
		{"quantifier", "rules: [a, b]\ntimespan: 1h\ntype: temporal\ncondition: 1 of them", "names 1, which is not"},
		{"generate", few + "type: event_count\ncondition: {gte: 1}\ngenerate: maybe", "generate is a text: want true or false"},
		{"aliases", few + "type: event_count\ncondition: {gte: 1}\naliases: [a]", "aliases is a list"},
		{"empty alias", few + "type: event_count\ncondition: {gte: 1}\naliases: {u: {}}", "alias u: want a map"},
		{"alias of a list", few + "type: event_count\ncondition: {gte: 1}\naliases: {u: {a: [b]}}", "alias u: want the name of one field"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, errs := link(correlationText(c.text), sigma.Options{})
			if len(errs) != 1 || len(s.Correlations) != 0 || len(s.Rules) != 3 {
				t.Fatalf("%d rules, %d correlations, errors %v", len(s.Rules), len(s.Correlations), errs)
			}
			if !fault.Is(errs[0], fault.Invalid) || !strings.HasPrefix(errs[0].Error(), "r.yml:") || !strings.Contains(errs[0].Error(), c.want) {
				t.Errorf("got  %v\nwant %s", errs[0], c.want)
			}
		})
	}
}

// TestCorrelationAbout: a correlation has the same attributes as a rule, and takes from its sources what it does not say.
func TestCorrelationAbout(t *testing.T) {
	const text = "title: t\nid: x\nname: n\nstatus: test\ntags: [attack.t1]\nlevel: critical\njobzero: {subject: access-key, person: Call}\n" +
		"correlation: {type: temporal, rules: [a, b], timespan: 1m}\n---\n"
	rules := plainRule("a", "low") + "---\n" + plainRule("b", "high")
	c := mustLink(t, text+rules).Correlations[0]
	want := detect.Rule{
		ID: "x", Name: "n", Title: "t", Status: "test", Level: finding.Critical, Tags: []string{"attack.t1"}, File: "r.yml:1:1",
		LogSource: detect.LogSource{Product: "aws", Service: "cloudtrail"}, Subject: detect.AccessKey, Answer: detect.Answer{Person: "Call"},
	}
	if d := cmp.Diff(want, c.Rule); d != "" {
		t.Error(d)
	}
	c = mustLink(t, strings.Replace(text, "level: critical\n", "", 1)+rules).Correlations[0]
	if c.Level != finding.High {
		t.Errorf("level %s, want that of the worst rule", c.Level)
	}
}

func TestBoundHolds(t *testing.T) {
	for op, want := range map[sigma.Op][3]bool{ // of 1, 2 and 3
		"gt": {false, false, true}, "gte": {false, true, true}, "lt": {true, false, false},
		"lte": {true, true, false}, "eq": {false, true, false}, "neq": {true, false, true},
	} {
		for i, w := range want {
			if got := (sigma.Bound{Op: op, Value: 2}).Holds(float64(i + 1)); got != w {
				t.Errorf("%d %s 2 is %v", i+1, op, got)
			}
		}
	}
}
