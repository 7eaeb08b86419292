package correlate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/correlate"
)

// diary reads hits, one a line: when after nine o'clock, rule, group values with a + between them, and a value if there is one.
// Each line is an event of its own, unless it ends with the ID of one.
func diary(t testing.TB, m *correlate.Machine, text string) []correlate.Hit {
	t.Helper()
	var hits []correlate.Hit
	for i, row := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(row)
		after, err := time.ParseDuration(words[0])
		if err != nil {
			t.Fatal(err)
		}
		h := correlate.Hit{Rule: words[1], Event: fmt.Sprintf("e%02d", i), Time: morning.Add(after)}
		var values []string
		for _, w := range words[3:] {
			if id, ok := strings.CutPrefix(w, "id="); ok {
				h.Event = id
			} else {
				values = append(values, w)
			}
		}
		h.Ref = "s3://" + h.Event
		for _, id := range m.Wants(h.Rule) {
			h.Keys = append(h.Keys, correlate.Key{For: id, Group: strings.Split(words[2], "+"), Values: values})
		}
		hits = append(hits, h)
	}
	return hits
}

// seen is a mark of the only source.
func seen(after time.Duration) []correlate.Mark {
	return []correlate.Mark{{Source: "cloudtrail", Seen: morning.Add(after)}}
}

// brief is a firing in one line, times from nine o'clock.
func brief(f correlate.Firing) string {
	from := func(t time.Time) string { return t.Sub(morning).String() }
	state := ""
	if !f.Final {
		state = ", open"
	}
	return fmt.Sprintf("%s %s: %s to %s, %d hits, value %g%s", f.Correlation, strings.Join(f.Group, "+"), from(f.Start), from(f.End), f.Count, f.Value, state)
}

func briefs(firings []correlate.Firing) []string {
	var out []string
	for _, f := range firings {
		out = append(out, brief(f))
	}
	return out
}

func times(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i)
	}
	return b.String()
}

func gte(n float64) []correlate.Test { return []correlate.Test{{Op: correlate.GTE, Number: n}} }

// The examples of the Sigma specification, and what else can be asked of each type, with data of our own. First what is told
// at once when all hits have come, then what is final.
func TestTypes(t *testing.T) {
	recon := []string{"recon_a", "recon_b", "recon_c"}
	by := func(fields ...string) []string { return fields }
	for name, c := range map[string]struct {
		spec  correlate.Spec
		hits  string
		once  []string
		final []string
	}{
		"event_count: many failed logins": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("failed"), GroupBy: by("ComputerName"), Timespan: time.Hour, Condition: gte(100)},
			times(99, "%ds failed quiet") + times(120, "%ds failed busy"),
			[]string{"x busy: 0s to 1m59s, 120 hits, value 120, open"},
			[]string{"x busy: 0s to 1m59s, 120 hits, value 120"},
		},
		"event_count: the window slides, and both its ends belong to it": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("failed"), Timespan: time.Hour, Condition: gte(3)},
			"50m failed a\n70m failed a\n110m failed a\n50m failed b\n70m failed b\n111m failed b",
			[]string{"x a: 50m0s to 1h50m0s, 3 hits, value 3, open"},
			[]string{"x a: 50m0s to 1h50m0s, 3 hits, value 3"},
		},
		"event_count: an event that hits two rules is one event": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("failed", "foreign"), Timespan: time.Hour, Condition: gte(2)},
			"0s failed a id=1\n0s foreign a id=1\n0s failed b id=1\n0s foreign b id=2",
			[]string{"x b: 0s to 0s, 2 hits, value 2, open"},
			[]string{"x b: 0s to 0s, 2 hits, value 2"},
		},
		"event_count: two bursts more than a timespan apart are two firings": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("failed"), Timespan: 10 * time.Minute, Condition: gte(2)},
			"0m failed a\n1m failed a\n11m failed a\n22m failed a\n23m failed a",
			[]string{"x a: 0s to 11m0s, 3 hits, value 2, open", "x a: 22m0s to 23m0s, 2 hits, value 2, open"},
			[]string{"x a: 0s to 11m0s, 3 hits, value 2", "x a: 22m0s to 23m0s, 2 hits, value 2"},
		},
		"event_count: a range is judged when its window is over": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("failed"), Timespan: time.Hour, Condition: []correlate.Test{{Op: correlate.GT, Number: 2}, {Op: correlate.LTE, Number: 4}}},
			times(2, "%dm failed few") + times(4, "%dm failed some") + times(5, "%dm failed many"),
			nil,
			[]string{"x some: 0s to 1h0m0s, 4 hits, value 4"},
		},
		"event_count: too few, in windows that lie one behind the other": {
			correlate.Spec{Type: correlate.EventCount, Rules: by("heartbeat"), Timespan: 10 * time.Minute, Condition: []correlate.Test{{Op: correlate.LT, Number: 3}}},
			"0m heartbeat a\n4m heartbeat a\n8m heartbeat a\n12m heartbeat a\n16m heartbeat a\n25m heartbeat a",
			nil,
			[]string{"x a: 12m0s to 35m0s, 3 hits, value 1"},
		},
		"value_count: more than 100 user accounts per source and destination": {
			correlate.Spec{Type: correlate.ValueCount, Rules: by("failed"), GroupBy: by("ComputerName", "WorkstationName"), Fields: by("User"), Timespan: 24 * time.Hour, Condition: gte(100)},
			times(100, "%dm failed dc+spray user-%[1]d") + times(300, "%dm failed dc+service backup"),
			[]string{"x dc+spray: 0s to 1h39m0s, 100 hits, value 100, open"},
			[]string{"x dc+spray: 0s to 1h39m0s, 100 hits, value 100"},
		},
		"value_count: a combination of fields": {
			correlate.Spec{Type: correlate.ValueCount, Rules: by("failed"), Fields: by("User", "Domain"), Timespan: time.Hour, Condition: gte(3)},
			"0m failed a u d\n1m failed a u e\n2m failed a u d\n3m failed a v d\n0m failed b u d\n1m failed b u e",
			[]string{"x a: 0s to 3m0s, 4 hits, value 3, open"},
			[]string{"x a: 0s to 3m0s, 4 hits, value 3"},
		},
		"temporal: reconnaissance in any order": {
			correlate.Spec{Type: correlate.Temporal, Rules: recon, GroupBy: by("ComputerName", "User"), Timespan: 5 * time.Minute},
			"0m recon_c pc+ann\n2m recon_a pc+ann\n5m recon_b pc+ann\n0m recon_c pc+bob\n2m recon_a pc+bob\n6m recon_b pc+bob\n2m recon_b pc+eve",
			[]string{"x pc+ann: 0s to 5m0s, 3 hits, value 3, open"},
			[]string{"x pc+ann: 0s to 5m0s, 3 hits, value 3"},
		},
		"temporal: two of three": {
			correlate.Spec{Type: correlate.Temporal, Rules: recon, Timespan: 5 * time.Minute, Condition: gte(2)},
			"0m recon_c a\n2m recon_b a\n0m recon_c b\n2m recon_c b",
			[]string{"x a: 0s to 2m0s, 2 hits, value 2, open"},
			[]string{"x a: 0s to 2m0s, 2 hits, value 2"},
		},
		"temporal_ordered: the order of the list": {
			correlate.Spec{Type: correlate.TemporalOrdered, Rules: recon, Timespan: 5 * time.Minute},
			"0m recon_a in\n1m recon_c in\n2m recon_b in\n5m recon_c in\n0m recon_a out\n1m recon_c out\n2m recon_b out\n6m recon_c out",
			[]string{"x in: 0s to 5m0s, 4 hits, value 3, open"},
			[]string{"x in: 0s to 5m0s, 4 hits, value 3"},
		},
		"temporal_ordered: at one time the IDs decide, and one event is one step": {
			correlate.Spec{Type: correlate.TemporalOrdered, Rules: by("up", "down"), Timespan: time.Minute},
			"0s up a id=1\n0s down a id=2\n0s up b id=2\n0s down b id=1\n0s up c id=1\n0s down c id=1",
			[]string{"x a: 0s to 0s, 2 hits, value 2, open"},
			[]string{"x a: 0s to 0s, 2 hits, value 2"},
		},
		"value_sum: possible exfiltration": {
			correlate.Spec{Type: correlate.ValueSum, Rules: by("access"), GroupBy: by("SourceIP", "User"), Fields: by("bytes_sent"), Timespan: time.Hour, Condition: []correlate.Test{{Op: correlate.GT, Number: 1e6}}},
			"0m access ip+ann 600000\n30m access ip+ann 400000\n61m access ip+ann 600000.5\n0m access ip+bob 999999\n61m access ip+bob 999999",
			[]string{"x ip+ann: 30m0s to 1h1m0s, 2 hits, value 1.0000005e+06, open"},
			[]string{"x ip+ann: 30m0s to 1h1m0s, 2 hits, value 1.0000005e+06"},
		},
		"value_avg: suspicious average": {
			correlate.Spec{Type: correlate.ValueAvg, Rules: by("traffic"), Fields: by("BytesOut"), Timespan: 24 * time.Hour, Condition: []correlate.Test{{Op: correlate.GT, Number: 500}}},
			"0h traffic a 900\n1h traffic a 200\n2h traffic a 401\n0h traffic b 900\n1h traffic b 100",
			nil,
			[]string{"x a: 0s to 24h0m0s, 3 hits, value 500.3333333333333"},
		},
		"value_percentile: nearest rank": {
			correlate.Spec{Type: correlate.ValuePercentile, Percentile: 95, Rules: by("traffic"), Fields: by("BytesOut"), Timespan: time.Hour, Condition: gte(19)},
			times(20, "%ds traffic a %[1]d") + "30s traffic a 20\n" + times(20, "%ds traffic b %[1]d"),
			nil,
			[]string{"x a: 0s to 1h0m0s, 21 hits, value 19"},
		},
		"value_percentile: median": {
			correlate.Spec{Type: correlate.ValuePercentile, Percentile: 50, Rules: by("traffic"), Timespan: time.Hour, Condition: []correlate.Test{{Op: correlate.LTE, Number: 1}}},
			"0m traffic a 9\n1m traffic a 1\n2m traffic a -3\n0m traffic b 2\n1m traffic b 9", nil,
			[]string{"x a: 0s to 1h0m0s, 3 hits, value 1"},
		},
		"boolean: absence": {
			correlate.Spec{Type: correlate.Boolean, Rules: by("created", "approved"), Expr: correlate.And{correlate.Rule("created"), correlate.Not{Item: correlate.Rule("approved")}}, Timespan: time.Hour},
			"0m created ok\n60m approved ok\n0m created late\n61m approved late\n0m created before\n-1m approved before\n0m created twice\n30m approved twice\n40m created twice",
			nil,
			[]string{
				"x before: 0s to 1h0m0s, 1 hits, value 1", "x late: 0s to 1h0m0s, 1 hits, value 1", "x twice: 40m0s to 1h40m0s, 1 hits, value 1",
			},
		},
		"boolean: without not it is told at once": {
			correlate.Spec{Type: correlate.Boolean, Rules: by("a", "b", "c"), Expr: correlate.And{correlate.Rule("a"), correlate.Or{correlate.Rule("b"), correlate.Rule("c")}}, Timespan: time.Hour},
			"0m a x\n1m c x\n0m b y\n1m c y",
			[]string{"x x: 0s to 1m0s, 2 hits, value 2, open"},
			[]string{"x x: 0s to 1m0s, 2 hits, value 2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.spec.ID, c.spec.Lateness = "x", time.Minute
			m := machine(t, []correlate.Spec{c.spec}, correlate.Options{})
			once := briefs(m.Take(diary(t, m, c.hits)))
			slices.Sort(once)
			if d := gocmp.Diff(c.once, once); d != "" {
				t.Errorf("at once (-want +got):\n%s", d)
			}
			final := briefs(m.Advance(seen(100 * time.Hour)))
			slices.Sort(final)
			if d := gocmp.Diff(c.final, final); d != "" {
				t.Errorf("final (-want +got):\n%s", d)
			}
		})
	}
}

// TestNewRefuses names what is wrong with a spec.
func TestNewRefuses(t *testing.T) {
	good := correlate.Spec{ID: "x", Type: correlate.EventCount, Rules: []string{"a", "b"}, Timespan: time.Hour, Condition: gte(2)}
	test := func(op correlate.Op, n float64) []correlate.Test { return []correlate.Test{{Op: op, Number: n}} }
	for want, change := range map[string]func(s *correlate.Spec){
		"it has no ID":          func(s *correlate.Spec) { s.ID = "" },
		`type "near"`:           func(s *correlate.Spec) { s.Type = "near" },
		"watches 0 rules":       func(s *correlate.Spec) { s.Rules = nil },
		"watches 33 rules":      func(s *correlate.Spec) { s.Rules = make([]string, 33) },
		"names a rule twice":    func(s *correlate.Spec) { s.Rules = []string{"a", "a"} },
		"timespan 0s":           func(s *correlate.Spec) { s.Timespan = 0 },
		"timespan 9000h0m0s":    func(s *correlate.Spec) { s.Timespan = 9000 * time.Hour },
		"lateness -1ns":         func(s *correlate.Spec) { s.Lateness = -1 },
		"a budget of -1 groups": func(s *correlate.Spec) { s.MaxGroups = -1 },
		"percentile 0":          func(s *correlate.Spec) { s.Type = correlate.ValuePercentile },
		"no condition":          func(s *correlate.Spec) { s.Condition = nil },
		`operator "is"`:         func(s *correlate.Spec) { s.Condition = test("is", 1) },
		"at most 0 can never hold: a window has at least one hit": func(s *correlate.Spec) { s.Condition = test(correlate.LTE, 0) },
		"exactly 2.5 can never hold":                              func(s *correlate.Spec) { s.Condition = test(correlate.EQ, 2.5) },
		"more than 2 and less than 3 can never hold": func(s *correlate.Spec) {
			s.Condition = append(test(correlate.GT, 2), test(correlate.LT, 3)...)
		},
		"at least 3 can never hold":          func(s *correlate.Spec) { s.Type, s.Condition = correlate.Temporal, gte(3) },
		"at least 1000000 within one window": func(s *correlate.Spec) { s.Condition = gte(1e6) },
		"goes with the type boolean":         func(s *correlate.Spec) { s.Expr = correlate.Rule("a") },
		"numbers have no place":              func(s *correlate.Spec) { s.Type, s.Expr = correlate.Boolean, correlate.Rule("a") },
		`names "c", which is not among`:      func(s *correlate.Spec) { s.Type, s.Condition, s.Expr = correlate.Boolean, nil, correlate.Rule("c") },
		"not a holds when nothing happens": func(s *correlate.Spec) {
			s.Type, s.Condition, s.Expr = correlate.Boolean, nil, correlate.Not{Item: correlate.Rule("a")}
		},
		`"x" watches itself, over others or at once`: func(s *correlate.Spec) { s.Rules = []string{"a", "x"} },
	} {
		bad := good
		change(&bad)
		if _, err := correlate.New([]correlate.Spec{bad}, correlate.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
	}
	if _, err := correlate.New([]correlate.Spec{good, good}, correlate.Options{}); err == nil {
		t.Error("two correlations of one name are accepted")
	}
	if _, err := correlate.New([]correlate.Spec{good}, correlate.Options{}); err != nil {
		t.Error(err)
	}
}
