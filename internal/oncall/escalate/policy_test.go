package escalate_test

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/finding"
	"jobzero/internal/oncall/escalate"
	"jobzero/internal/org"
)

func builtin(tb testing.TB) escalate.Policy {
	tb.Helper()
	p, err := escalate.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestBuiltIn: the built-in policy has a line for everything, and asks more people the worse it is.
func TestBuiltIn(t *testing.T) {
	p := builtin(t)
	for _, s := range finding.Severities() {
		l, ok := p.LineFor(s, []finding.Kind{finding.Rule})
		if !ok || l.Name != string(s) || l.Tells() == (s == finding.Informational) {
			t.Errorf("%s: %t, line %s, tells %t", s, ok, l.Name, l.Tells())
		}
	}
	if l, _ := p.LineFor(finding.Medium, []finding.Kind{finding.Rule, finding.Reused}); l.Name != "reused" {
		t.Errorf("a credential at work again goes by line %s", l.Name)
	}
	if got := p.Soonest(); got != 4*time.Hour {
		t.Errorf("the soonest is %s", got)
	}
	if err := p.Against(nil); err != nil {
		t.Errorf("it names somebody: %v", err)
	}
}

const small = `
seats: {ciso: [robin]}
lines:
  - name: all
    severities: [informational, low, medium, high, critical]
    acknowledge:
      - {ask: [primary, person/kim], within: 5m}
      - {ask: [ciso], within: 10m}
    snooze: 10m
`

func TestMistakesHaveTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":    {"snooze: 10m", "snoose: 10m", "p.yaml:9"},
		"severity":       {"[informational,", "[informal,", `p.yaml:5:18: severity "informal"`},
		"not covered":    {"[informational,", "[", "no line is for all tickets that are informational"},
		"seat":           {"[ciso], within", "[cisco], within", `p.yaml:8:16: "cisco" is no seat`},
		"empty seat":     {"[robin]", "[]", `p.yaml:2:15: seat "ciso": nobody sits there`},
		"seat name":      {"{ciso: [robin]}", "{primary: [robin]}", `seat "primary" is built in`},
		"within":         {"within: 10m", "within: 10s", "p.yaml:8:31: within 10s"},
		"nobody asked":   {"ask: [ciso]", "ask: []", "p.yaml:8:10: ask: want 1 to"},
		"loud":           {"snooze: 10m", "quiet: true", "what is critical does not wait"},
		"snooze":         {"snooze: 10m", "snooze: 999h", "p.yaml:9:13: snooze 999h"},
		"fix of nobody":  {"snooze: 10m", "fix: {within: 1h}", "within is 1h0m0s with 0 levels"},
		"zone":           {"seats:", "quiet: {zone: Mars}\nseats:", `p.yaml:2:15: zone "Mars"`},
		"hour":           {"seats:", "quiet: {from: noon}\nseats:", `"noon" is no time of a day`},
		"whole day":      {"seats:", "quiet: {from: \"07:00\"}\nseats:", "from and until are both 07:00"},
		"window":         {"seats:", "group: {within: 2h}\nseats:", "p.yaml:2:9: within is 2h0m0s and longest is 1h"},
		"kind":           {"snooze: 10m", "kinds: [odd]", `kind "odd"`},
		"name":           {"name: all", "name: All Of It", `name "All Of It"`},
		"no such number": {"[ciso], within", "[manager/0], within", `"manager/0" is no seat`},
		"empty":          {small, "", "the policy is empty"},
	} {
		text := strings.Replace(small, c.from, c.to, 1)
		if _, err := escalate.Parse("p.yaml", []byte(text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if _, err := escalate.Parse("p.yaml", []byte(small)); err != nil {
		t.Error(err)
	}
	twice := small + strings.TrimPrefix(small, "\nseats: {ciso: [robin]}\nlines:")
	if _, err := escalate.Parse("p.yaml", []byte(twice)); err == nil || !strings.Contains(err.Error(), `a line "all" is there already`) {
		t.Errorf("a line twice: %v", err)
	}
}

func TestAgainst(t *testing.T) {
	p, err := escalate.Parse("p.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	o, err := org.Parse("org.yaml", []byte("people: [{id: kim, name: Kim}]"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Against(o); err == nil || !strings.Contains(err.Error(), `seat ciso: no person of the organisation is called "robin"`) || strings.Contains(err.Error(), "kim") {
		t.Error(err)
	}
}

// FuzzParse: whatever is written, reading ends, and what is accepted has a line for everything and nobody is asked in no time.
func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add(escalate.DefaultText())
	f.Add("lines: [{name: a, severities: [critical], acknowledge: [{ask: [top], within: 1m}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := escalate.Parse("p.yaml", []byte(text))
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("an error of the reader: %v", err)
			}
			return
		}
		for _, s := range finding.Severities() {
			l, ok := p.LineFor(s, nil)
			if !ok {
				t.Fatalf("accepted without a line for %s", s)
			}
			for _, level := range append(l.Acknowledge, l.Fix.Levels...) {
				if level.Within.Of() < time.Minute || len(level.Ask) == 0 {
					t.Fatalf("accepted a level of %+v", level)
				}
			}
		}
	})
}
