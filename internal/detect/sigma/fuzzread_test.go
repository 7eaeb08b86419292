package sigma_test

import (
	"strings"
	"testing"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
)

// FuzzRead: whatever a text holds, reading, linking and validating it end, every error has its place, and what links is whole.
func FuzzRead(f *testing.F) {
	a, b := plainRule("a", "low"), plainRule("b", "high")
	for _, text := range []string{
		fullRule, join(count("x", "rules: [a, about b]\ngroup-by: [u]\naliases: {u: {a: f, b: g[0]}}\ngenerate: true"), a, b),
		join(count("x", "rules: [y]"), count("y", "rules: [x, a]"), a),
		join(correlationText("type: temporal_ordered\ntimespan: 1M\ncondition: (a or b) and not c"), filterText("rules: any\ncondition: not 1 of s*\ns: {f: 1}")),
		correlationText("type: value_percentile\ntimespan: 90m\nrules: [a, b]\ncondition: {field: v, percentile: 99, gt: 1, lt: 2}"),
		correlationText("type: temporal\ntimespan: 1y\nrules: [a, b]\ncondition: {gte: 1}"),
		join(filterText("rules: [id-a, b]\ncondition: s and not t\ns: {src_ip: 1}\nt: [x]"), a, b), oldRule("s | count(a) by b, c >= 5"), oldRule("s | near f_1 and not 1 of f_*"),
		join("action: global\ntitle: g\nlogsource: {product: aws}\n", "id: a\ndetection: {s: {f: 1}, condition: s}\n", "action: repeat\nid: b\n", "action: reset\n", a),
		ruleText("s: {'a[any]': {condition: t, t: {.: 5}}, 'b[0].c[none]|re': x, 'f|expand|all': ['%two%', '\\%']}\ncondition: s"),
		ruleText("s: {user|neq: [null, x], 'role|startswith': y, 'a\\[0\\]|fieldref': user}\ncondition: s"), scoped("{where: {accounts: [a*]}, levels: [{where: {tags: [k=v]}, level: low}]}"),
	} {
		f.Add(text)
	}
	m, err := sigma.ReadMappings("m.yml", []byte(mappings))
	if err != nil {
		f.Fatal(err)
	}
	o := sigma.Options{Mappings: m, Placeholders: map[string][]string{"two": {"A", "B"}}}
	f.Fuzz(func(t *testing.T, text string) {
		s, errs := sigma.Read("r.yml", []byte(text), o)
		linked, bad := s.Link()
		for _, err := range append(append(errs, bad...), sigma.Validate("r.yml", []byte(text), o)...) {
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "r.yml:") {
				t.Fatalf("error without a place: %v", err)
			}
		}
		if len(linked.Rules) != len(s.Rules) || len(linked.Filters) != len(s.Filters) || len(linked.Correlations) > len(s.Correlations) {
			t.Fatalf("linking made %d rules of %d", len(linked.Rules), len(s.Rules))
		}
		for i, r := range linked.Rules {
			if r.ID != s.Rules[i].ID || len(s.Rules[i].Filters) > 0 || r.Condition == nil {
				t.Fatalf("rule %s became %s", s.Rules[i].ID, r.ID)
			}
		}
		for _, c := range linked.Correlations {
			whole(t, c)
		}
	})
}

// whole stops the test when something of a correlation is missing.
func whole(t *testing.T, c *sigma.Correlation) {
	t.Helper()
	if c.Timespan <= 0 || len(c.Sources) == 0 || (c.Condition == nil) == (len(c.Bounds) == 0) || c.Level.Rank() == 0 {
		t.Fatalf("%+v", c)
	}
	for _, s := range c.Sources {
		if (s.Rule == nil) == (s.Correlation == nil) || len(s.Group) != len(c.GroupBy) || len(s.Fields) != len(c.Fields) {
			t.Fatalf("%s: source %+v", c.ID, s)
		}
		for _, field := range append(s.Group, s.Fields...) {
			if s.Rule != nil && len(s.Rule.Paths(field)) == 0 {
				t.Fatalf("%s: %s has no place in %s", c.ID, field, s.Rule.ID)
			}
		}
	}
	checkSeen(t, c.Condition, len(c.Sources))
}

// checkSeen stops the test when a condition is about a source that there is not.
func checkSeen(t *testing.T, x sigma.Expr, sources int) {
	t.Helper()
	switch x := x.(type) {
	case sigma.And:
		for _, item := range x {
			checkSeen(t, item, sources)
		}
	case sigma.Or:
		for _, item := range x {
			checkSeen(t, item, sources)
		}
	case sigma.Not:
		checkSeen(t, x.Item, sources)
	case sigma.Seen:
		if x.Source < 0 || x.Source >= sources {
			t.Fatalf("source %d of %d", x.Source, sources)
		}
	case nil:
	default:
		t.Fatalf("%T in the condition of a correlation", x)
	}
}
