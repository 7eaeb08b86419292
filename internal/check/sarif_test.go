package check_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jobzero/internal/check"
	"jobzero/internal/design"
	"jobzero/internal/expect"
	"jobzero/internal/org"
)

// standard is the schema of SARIF; testdata/sarif/SOURCE.md says where it is from.
func standard(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e" {
		t.Fatalf("the schema was changed: its sum is %x", sum)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func sarif(t *testing.T, r *check.Report) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := r.SARIF(&b, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// every has a result of each verdict, in odd places.
func every(t *testing.T) *check.Report {
	t.Helper()
	r := run(t, map[string]string{"a b/shöp.yaml": template}, "a b")
	e := r.Results[0].Expectation
	bare := &expect.Expectation{ID: "x", Title: "x", Why: "x", Severity: e.Severity}
	w := org.Waiver{Reason: "a test", Expires: org.DayOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))}
	for _, v := range []check.Verdict{check.Pass, check.Fail, check.Undecided, check.Waived, check.Known} {
		r.Results = append(r.Results,
			check.Result{Expectation: bare, Verdict: v, Severity: "low", Name: "<&>\x01", Waiver: &w, Place: design.Place{File: "C:/x/ÿ%.tf"}},
			check.Result{Expectation: bare, Verdict: v, Severity: "medium", Name: "A", Reason: "r", Waiver: &w, Place: design.Place{File: "call", Line: 3}})
	}
	return r
}

// TestSARIFSchema holds what is written against the schema of the standard.
func TestSARIFSchema(t *testing.T) {
	schema := standard(t)
	for name, r := range map[string]*check.Report{"empty": {}, "every verdict": every(t)} {
		if err := schema.Validate(sarif(t, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSARIFSchemaRefuses breaks what is written, once in each way: a test that lets that pass protects nothing.
func TestSARIFSchemaRefuses(t *testing.T) {
	schema := standard(t)
	type object = map[string]any
	at := func(list any, i int) object { return list.([]any)[i].(object) } //nolint:forcetypeassert // it is ours
	for name, break_ := range map[string]func(log, run, result object){
		"version":           func(log, _, _ object) { log["version"] = "2.0.0" },
		"no runs":           func(log, _, _ object) { delete(log, "runs") },
		"no tool":           func(_, run, _ object) { delete(run, "tool") },
		"no name of a tool": func(_, run, _ object) { delete(run["tool"].(object)["driver"].(object), "name") }, //nolint:forcetypeassert // as above
		"other member":      func(_, _, result object) { result["severity"] = "high" },
		"level":             func(_, _, result object) { result["level"] = "high" },
		"kind":              func(_, _, result object) { result["kind"] = "undecided" },
		"no message":        func(_, _, result object) { delete(result, "message") },
		"index":             func(_, _, result object) { result["ruleIndex"] = -2 },
		"line": func(_, _, result object) {
			at(result["locations"], 0)["physicalLocation"].(object)["region"] = object{"startLine": 0} //nolint:forcetypeassert // as above
		},
		"address": func(_, _, result object) {
			at(result["locations"], 0)["physicalLocation"].(object)["artifactLocation"] = object{"uri": "a b%"} //nolint:forcetypeassert // as above
		},
		"suppression": func(_, _, result object) { result["suppressions"] = []any{object{"kind": "waiver"}} },
	} {
		t.Run(name, func(t *testing.T) {
			log := sarif(t, every(t))
			run := at(log["runs"], 0)
			break_(log, run, at(run["results"], 0))
			if err := schema.Validate(log); err == nil {
				t.Error("it is taken to be SARIF")
			}
		})
	}
}
