package ocsf_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf/ocsftest"
	"jobzero/internal/finding"
	"jobzero/internal/finding/ocsf"
	"jobzero/internal/source/guardduty"
	"jobzero/internal/source/securityhub"
	"jobzero/internal/testcorpus"
)

// TestCorpusFollowsTheSchema imports findings that nobody here wrote and holds their views against OCSF's own files.
func TestCorpusFollowsTheSchema(t *testing.T) {
	s := ocsftest.Load(t)
	seen := map[float64]int{}
	for _, set := range []string{"guardduty-findings", "securityhub-asff", "prowler-ocsf-output"} {
		err := filepath.WalkDir(testcorpus.Path(t, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.Contains(d.Name(), ".json") || d.Name() == "new_event.json" {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, f := range imports(t, path, raw) {
				v := decode(t, ocsf.Imported(f, "v1.0.0"))
				class := v["class_uid"].(float64)
				seen[class]++
				for _, w := range s.Wrong(v) {
					t.Errorf("%s: %s", d.Name(), w)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen[2003] != 55 || seen[2004] != 26 {
		t.Errorf("classes seen: %v", seen)
	}
}

// imports reads a file of the corpus in whatever way it is packed, with numbers in place of what was made anonymous.
func imports(t *testing.T, path string, raw []byte) (all []finding.Finding) {
	t.Helper()
	raw = []byte(strings.NewReplacer("1234567891234", "123456789123", "<account_uid>", "123456789123", "<region>", "eu-west-1").Replace(string(raw)))
	var envelope struct{ Detail json.RawMessage }
	if raw[0] == '{' && json.Unmarshal(raw, &envelope) == nil && envelope.Detail != nil {
		raw = envelope.Detail
	}
	parse := securityhub.Parse
	if strings.Contains(path, "guardduty-findings") {
		parse = guardduty.Parse
	}
	if strings.Contains(path, "kubernetes") {
		raw = []byte(strings.ReplaceAll(string(raw), `"class_uid": 2004,`, `"class_uid": 2004, "cloud": {"account": {"uid": "123456789123"}},`))
	}
	r, err := parse(raw, event.Origin{})
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	for _, c := range r.Claims {
		all = append(all, c.Finding)
	}
	return all
}

// TestShapeOfOthers holds our findings against those that another tool writes: what both have is of the same kind.
func TestShapeOfOthers(t *testing.T) {
	raw, err := os.ReadFile(testcorpus.Path(t, "prowler-ocsf-output", "examples", "output", "example_output_aws.ocsf.json"))
	if err != nil {
		t.Fatal(err)
	}
	var theirs []map[string]any
	if err := json.Unmarshal(raw, &theirs); err != nil {
		t.Fatal(err)
	}
	both := 0
	for name, f := range map[string]finding.Finding{"expectation": expected(), "imported": imported()} {
		ours := decode(t, ocsf.Of(f, "v1.0.0"))
		for _, other := range theirs {
			n, wrong := shape("$", ours, other)
			both += n
			for _, w := range wrong {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
	if both < 100 {
		t.Errorf("only %d attributes were compared", both)
	}
}

// shape compares the kinds of what both have, and counts it.
func shape(path string, ours, theirs any) (n int, wrong []string) {
	switch o := ours.(type) {
	case map[string]any:
		other, ok := theirs.(map[string]any)
		if !ok {
			return 1, []string{path + " is no object there"}
		}
		for k, v := range o {
			if x, both := other[k]; both && k != "unmapped" {
				m, w := shape(path+"."+k, v, x)
				n, wrong = n+m, append(wrong, w...)
			}
		}
		return n, wrong
	case []any:
		other, ok := theirs.([]any)
		if !ok {
			return 1, []string{path + " is no list there"}
		}
		if len(o) > 0 && len(other) > 0 {
			return shape(path+"[]", o[0], other[0])
		}
	default:
		if fmt.Sprintf("%T", ours) != fmt.Sprintf("%T", theirs) {
			return 1, []string{fmt.Sprintf("%s: %v here, %v there", path, ours, theirs)}
		}
	}
	return 1, nil
}
