package check_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/check"
)

func written(t *testing.T, r *check.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteBaseline(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parsed(t *testing.T, text string) *check.Baseline {
	t.Helper()
	b, err := check.ParseBaseline("b.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBaseline writes what is wrong, knows it again where it stands elsewhere in its file, and tells what is new and what is over.
func TestBaseline(t *testing.T) {
	const want = `[
{"expectation":"bucket-versioned","file":"infra/a.yaml","resource":"Bad"},
{"expectation":"bucket-versioned","file":"infra/a.yaml","resource":"Perhaps"},
{"expectation":"bucket-versioned","file":"infra/b.yaml","resource":"Bad"},
{"expectation":"bucket-versioned","file":"infra/b.yaml","resource":"Perhaps"}
]
`
	first := written(t, run(t, map[string]string{"infra/b.yaml": template, "infra/a.yaml": template}, "infra"))
	if d := cmp.Diff(want, first); d != "" {
		t.Fatal(d)
	}
	changed := "# a line more\n" + strings.ReplaceAll(template, "  Other:", "  New: {Type: AWS::S3::Bucket}\n  Other:")
	changed = strings.ReplaceAll(changed, "Suspended", "Enabled") // Bad is repaired
	files := map[string]string{"infra/a.yaml": changed}           // b.yaml is gone
	r := run(t, files, "infra")
	gone := r.Know(parsed(t, first))
	got := map[string]check.Verdict{}
	for _, x := range r.Results {
		got[x.Name] = x.Verdict
	}
	if d := cmp.Diff(map[string]check.Verdict{
		"Good": check.Pass, "Bad": check.Pass, "Who": check.Undecided, "Perhaps": check.Known, "New": check.Fail,
	}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]check.Entry{
		{Expectation: "bucket-versioned", File: "infra/a.yaml", Resource: "Bad"},
		{Expectation: "bucket-versioned", File: "infra/b.yaml", Resource: "Bad"},
		{Expectation: "bucket-versioned", File: "infra/b.yaml", Resource: "Perhaps"},
	}, gone); d != "" {
		t.Error(d)
	}
	if r.Fails("low") != 1 || strings.Count(written(t, r), "\n") != 4 {
		t.Errorf("%d fail, %s", r.Fails("low"), written(t, r))
	}
	// What was not looked at, or could not be read, is not over.
	if gone := run(t, files, "infra/a.yaml").Know(parsed(t, first)); len(gone) != 1 {
		t.Errorf("%v", gone)
	}
	files["infra/b.yaml"] = "AWSTemplateFormatVersion: x\nResources: ["
	if gone := run(t, files, "infra").Know(parsed(t, first)); len(gone) != 1 {
		t.Errorf("%v", gone)
	}
	// What is undecided may still be wrong.
	files = map[string]string{"infra/a.yaml": strings.ReplaceAll(template, "Status: Suspended", "Status: !Ref Keep")}
	if gone := run(t, files, "infra/a.yaml").Know(parsed(t, first)); len(gone) != 0 {
		t.Errorf("%v", gone)
	}
}

func TestBaselineForms(t *testing.T) {
	if empty := written(t, &check.Report{}); empty != "[]\n" || len(*parsed(t, empty)) != 0 {
		t.Errorf("%q", empty)
	}
	for text, want := range map[string]string{
		"{}": "b.json:1:", `[{"expectation": "a"}]`: "b.json:1:3: want expectation, file and resource", `[{"line": 3}]`: "b.json:1:", "[": "b.json:1:",
	} {
		if _, err := check.ParseBaseline("b.json", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzParseBaseline(f *testing.F) {
	f.Add([]byte(`[{"expectation": "a", "file": "b", "resource": "c"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := check.ParseBaseline("b.json", data); err != nil && !strings.HasPrefix(err.Error(), "b.json") {
			t.Errorf("an error without a place: %v", err)
		}
	})
}
