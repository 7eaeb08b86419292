package sigma_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/detect/sigma"
)

func oldRule(condition string) string {
	return "title: t\nid: x\nlevel: high\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: A}\n  f_1: {g: 1}\n  f_2: {g: 2}\n" +
		"  timeframe: 10m\n  condition: " + condition + "\n"
}

func TestAggregation(t *testing.T) {
	bound := func(op sigma.Op, n float64) []sigma.Bound { return []sigma.Bound{{Op: op, Value: n}} }
	const events = "x/events"
	cases := []struct {
		condition string
		want      demand
	}{
		{"s | count() > 10", demand{Type: "event_count", Sources: events, Bounds: bound("gt", 10)}},
		{"s|count()>=10", demand{Type: "event_count", Sources: events, Bounds: bound("gte", 10)}},
		{"[s | count() < 10]", demand{Type: "event_count", Sources: events, Bounds: bound("lt", 10)}},
		{"s | count() by sourceIPAddress > 5", demand{Type: "event_count", Sources: events, GroupBy: []string{"sourceIPAddress"}, Bounds: bound("gt", 5)}},
		{"s | COUNT(user.name) BY a, b == 5", demand{Type: "value_count", Sources: events, GroupBy: []string{"a", "b"}, Fields: []string{"user.name"}, Bounds: bound("eq", 5)}},
		{"s | sum(bytes) by a > 1.5", demand{Type: "value_sum", Sources: events, GroupBy: []string{"a"}, Fields: []string{"bytes"}, Bounds: bound("gt", 1.5)}},
		{"s | avg(bytes) <= 7", demand{Type: "value_avg", Sources: events, Fields: []string{"bytes"}, Bounds: bound("lte", 7)}},
		{"s | min(bytes) != 7", demand{Type: "value_min", Sources: events, Fields: []string{"bytes"}, Bounds: bound("neq", 7)}},
		{"s | max(bytes) = 7", demand{Type: "value_max", Sources: events, Fields: []string{"bytes"}, Bounds: bound("eq", 7)}},
		{"s | near f_1", demand{Type: "temporal", Sources: events + " x/f_1", Condition: sigma.And{sigma.Seen{Source: 0}, sigma.Seen{Source: 1}}}},
		{
			"s and not f_2 | near f_1 and not f_2",
			demand{
				Type: "temporal", Sources: events + " x/f_1 x/f_2",
				Condition: sigma.And{sigma.Seen{Source: 0}, sigma.And{sigma.Seen{Source: 1}, sigma.Not{Item: sigma.Seen{Source: 2}}}},
			},
		},
		{"s | near not f_1", demand{Type: "temporal", Sources: events + " x/f_1", Condition: sigma.And{sigma.Seen{Source: 0}, sigma.Not{Item: sigma.Seen{Source: 1}}}}},
		{
			"s | near 1 of f_* and f_1 or 1 of f_*",
			demand{
				Type: "temporal", Sources: events + " x/1-of-f_* x/f_1",
				Condition: sigma.And{sigma.Seen{Source: 0}, sigma.Or{sigma.And{sigma.Seen{Source: 1}, sigma.Seen{Source: 2}}, sigma.Seen{Source: 1}}},
			},
		},
	}
	for _, c := range cases {
		t.Run(c.condition, func(t *testing.T) {
			s := mustLink(t, oldRule(c.condition))
			if len(s.Correlations) != 1 {
				t.Fatalf("%d correlations", len(s.Correlations))
			}
			c.want.Timespan = 10 * time.Minute
			if d := cmp.Diff(c.want, demandOf(s.Correlations[0]), cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
			if x := s.Correlations[0]; x.ID != "x" || x.Title != "t" || x.Level != "high" || x.LogSource.Service != "cloudtrail" {
				t.Errorf("the correlation is not the rule: %+v", x.Rule)
			}
		})
	}
}

// TestAggregationEvents: the rule for the events is that of the condition before the pipe, and says nothing by itself.
func TestAggregationEvents(t *testing.T) {
	s := mustLink(t, oldRule("s and not f_2 | near f_1"))
	for i, raw := range []string{`{"eventName":"A","g":1}`, `{"eventName":"B","g":1}`} {
		if r := s.Rules[i]; !r.Part || !fires(t, r, raw) || fires(t, r, `{"eventName":"A","g":2}`) {
			t.Errorf("rule %s: part %v", r.ID, r.Part)
		}
	}
	rules, errs := sigma.ParseRules("r.yml", []byte(oldRule("s | count() > 1")))
	if len(rules) != 0 || len(errs) != 1 || !sigma.Unsupported(errs[0]) {
		t.Errorf("who judges single events got %d rules and %v", len(rules), errs)
	}
}

func TestAggregationRefuses(t *testing.T) {
	for condition, want := range map[string]string{
		"s | count":                     "count has no parentheses",
		"s |":                           `"" is no aggregation`,
		"s | median(a) > 5":             `"median" is no aggregation`,
		"s | count(a b) > 5":            "count takes one field",
		"s | count(a, b) > 5":           "count takes one field",
		"s | sum() > 5":                 "sum needs a field",
		"s | count() by > 5":            "there is no comparison behind count",
		"s | count()":                   "there is no comparison behind count",
		"s | count() > ":                "there is no number behind >",
		"s | count() > many":            "there is no number behind >",
		"s | count() > 5 by a":          `"by" is too much`,
		"s | count() > 1.5":             "a count is a whole number",
		"s | count() < 1":               "can never hold",
		"s | count() > 5 | count() > 6": `"|" is too much`,
		"t | count() > 5":               `names "t"`,
		" | count() > 5":                "ends too early",
		"s | near t":                    `names "t"`,
		"s | near ":                     `"near" is no aggregation`,
		"s | near f_1 and not f_1":      "can never hold",
		"(s | count() > 5)":             "not closed",
	} {
		s, errs := link(oldRule("'"+condition+"'"), sigma.Options{})
		if len(errs) != 1 || len(s.Rules)+len(s.Correlations) > 0 || !strings.HasPrefix(errs[0].Error(), "r.yml:10:14: ") || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s\ngot  %v\nwant %s", condition, errs, want)
		}
	}
	for from, to := range map[string]string{"  timeframe: 10m\n": "", "10m": "10", "timeframe: 10m": "timeframe: [10m]"} {
		if _, errs := link(strings.Replace(oldRule("s | count() > 1"), from, to, 1), sigma.Options{}); len(errs) != 1 || !strings.Contains(errs[0].Error(), "time") {
			t.Errorf("%q: %v", to, errs)
		}
	}
}
