package correlate_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/correlate"
)

// TestWhy reads what a firing of each type says.
func TestWhy(t *testing.T) {
	rules := []string{"a", "b"}
	lt := []correlate.Test{{Op: correlate.LT, Number: 10}, {Op: correlate.NEQ, Number: 7}}
	never := correlate.Not{Item: correlate.Rule("c")}
	for want, s := range map[string]correlate.Spec{
		"2 of a, b, within 1m30s (wanted: at least 2), for user = ann, pc":                                             {Type: correlate.EventCount, Condition: gte(2)},
		"2 of a, b, in 1h from the hit that opened the window (wanted: less than 10 and anything but 7)":               {Type: correlate.EventCount, Condition: lt, Timespan: time.Hour},
		"2 different size of a, b, within 24h (wanted: at least 2)":                                                    {Type: correlate.ValueCount, Condition: gte(2), Timespan: 24 * time.Hour},
		"sum of size of a, b is 4.5, within 1m30s (wanted: at least 2)":                                                {Type: correlate.ValueSum, Condition: gte(2)},
		"average of size of a, b is 2.25, in 1m30s from the hit that opened the window (wanted: at least 2)":           {Type: correlate.ValueAvg, Condition: gte(2)},
		"percentile 99.9 of size of a, b is 3.5, in 1m30s from the hit that opened the window (wanted: more than 3.25": {Type: correlate.ValuePercentile, Percentile: 99.9, Condition: []correlate.Test{{Op: correlate.GT, Number: 3.25}}},
		"a, b, within 1m30s (all are wanted)":                                                                          {Type: correlate.Temporal},
		"2 of a, b, c, within 1m30s (wanted: at least 2)":                                                              {Type: correlate.Temporal, Rules: append(rules, "c"), Condition: gte(2)},
		"a, then b in this order, within 1m30s (all are wanted)":                                                       {Type: correlate.TemporalOrdered},
		"(a or b) and not c, in 1m30s from the hit that opened the window, for":                                        {Type: correlate.Boolean, Rules: append(rules, "c"), Expr: correlate.And{correlate.Or{correlate.Rule("a"), correlate.Rule("b")}, never}},
		"a, within 1m30s, for user = ann":                                                                              {Type: correlate.Boolean, Expr: correlate.Rule("a")},
		"; 2 hits in all from 2026-03-02T09:00:00Z to 2026-03-02T09:01:00Z":                                            {Type: correlate.Temporal, Timespan: 61 * time.Second},
	} {
		s.ID, s.GroupBy, s.Fields = "x", []string{"user"}, []string{"size"}
		if s.Rules == nil {
			s.Rules = rules
		}
		if s.Timespan == 0 {
			s.Timespan = 90 * time.Second
		}
		m := machine(t, []correlate.Spec{s}, correlate.Options{})
		m.Take(diary(t, m, "0m a ann+pc 1\n1m b ann+pc 3.5"))
		f := m.Advance(seen(1000 * time.Hour))
		if len(f) != 1 || !strings.Contains(f[0].Why, want) {
			t.Errorf("want %q\n got %+v", want, f)
		}
	}
}
