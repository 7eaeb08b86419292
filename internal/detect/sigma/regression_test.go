package sigma_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/testcorpus"
)

// defender says where Windows Defender writes what Sigma's taxonomy knows by names without blanks; the names with blanks are
// those of the record that the corpus gives.
const defender = `
mappings:
  - logsource: {product: windows, service: windefend}
    fields:
      ProcessName: Process Name
      SourceName: Source Name
      ThreatName: Threat Name
`

// regressions counts what is in the corpus: cases, and the events that belong to them.
const (
	regressionCases  = 101
	regressionEvents = 114
)

// miscounted are cases whose count is not that of their events, with how many match in truth and why.
var miscounted = map[string]int{
	// The rule wants AutoShareServer or AutoShareWks set to 0. The file holds one event for each; info.yml counts only one.
	"c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e": 2,
}

// regression is one case of SigmaHQ's own regression tests: a rule, and the events it was written for.
type regression struct {
	Rule       string
	RuleID     string   `json:"rule_id"`
	Events     []string // files of events
	MatchCount []*int   `json:"match_count"` // how many of them match; nil where the origin does not say
	LogSource  detect.LogSource
}

// TestRegression runs the rules that SigmaHQ tests itself over the events that it tests them with, all rules in one engine. No
// case may fail: the rules and the events are what other engines are held against.
func TestRegression(t *testing.T) {
	root := testcorpus.Path(t, "sigma-regression")
	cases := regressions(t, root)
	engine := sigma.NewEngine(regressionRules(t, root, cases))
	events, others := 0, 0
	for _, c := range cases {
		matched := 0
		for _, raw := range windows(t, filepath.Join(root, c.Events[0])) {
			events++
			for _, m := range engine.Detect((&event.Event{Raw: raw}).Record()) {
				if m.Rule.ID != c.RuleID {
					others++
					continue
				}
				matched++
				if len(m.Why) == 0 {
					t.Errorf("%s matched without a reason", c.Rule)
				}
			}
		}
		want := c.MatchCount[0]
		if n, ok := miscounted[c.RuleID]; ok {
			want = &n
		}
		switch {
		case want == nil && matched == 0:
			t.Errorf("%s matches none of its events", c.Rule)
		case want != nil && matched != *want:
			t.Errorf("%s matches %d of its events, want %d", c.Rule, matched, *want)
		}
	}
	if len(cases) != regressionCases || events != regressionEvents {
		t.Errorf("%d cases with %d events, want %d with %d", len(cases), events, regressionCases, regressionEvents)
	}
	t.Logf("%d cases, %d events; rules also matched events of other cases %d times", len(cases), events, others)
}

func regressions(t *testing.T, root string) (out []regression) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	for _, c := range out {
		if len(c.Events) != 1 || len(c.MatchCount) != 1 {
			t.Fatalf("%s: %d files of events, %d counts; want one of each", c.Rule, len(c.Events), len(c.MatchCount))
		}
	}
	return out
}

// regressionRules reads the rule of each case. Its log source is one that the engine is told to read.
func regressionRules(t *testing.T, root string, cases []regression) []*sigma.Compiled {
	t.Helper()
	mappings, err := sigma.ReadMappings("defender.yml", []byte(defender))
	if err != nil {
		t.Fatal(err)
	}
	o := sigma.Options{Mappings: mappings}.AlsoCloudTrail(detect.LogSource{Product: "windows"})
	for _, c := range cases {
		o = o.AlsoCloudTrail(c.LogSource)
	}
	var all sigma.Set
	for _, c := range cases {
		text, err := os.ReadFile(filepath.Join(root, c.Rule))
		if err != nil {
			t.Fatal(err)
		}
		s, errs := sigma.Read(c.Rule, text, o)
		for _, err := range errs {
			t.Error(err)
		}
		all.Add(s)
	}
	linked, errs := all.Link()
	for _, err := range errs {
		t.Error(err)
	}
	for _, r := range linked.Rules {
		if r.Idle != "" {
			t.Errorf("%s: %s", r.File, r.Idle)
		}
	}
	return linked.Rules
}

// windows reads a file of Windows events, one after another, each made flat: what a rule names lies below Event.EventData and
// Event.System there, and at the top where programs that ship these logs put it.
func windows(t *testing.T, file string) (out []json.RawMessage) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var e struct {
			Event struct{ System, EventData map[string]any }
		}
		switch err := d.Decode(&e); {
		case err == io.EOF:
			return out
		case err != nil:
			t.Fatalf("%s: %v", file, err)
		}
		flat := e.Event.System
		maps.Copy(flat, e.Event.EventData)
		raw, err := json.Marshal(flat)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, raw)
	}
}
