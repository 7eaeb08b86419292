package expect_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/testcorpus"
)

// repo is the root of the repository, found by its go.mod.
func repo(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return dir
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		break
	}
	t.Fatal("no go.mod above the test")
	return ""
}

func content(t testing.TB) (fs.FS, *expect.Set) {
	t.Helper()
	fsys := os.DirFS(filepath.Join(repo(t), "content"))
	set, errs := expect.Load(fsys, "expectations")
	for _, err := range errs {
		t.Error(err)
	}
	return fsys, set
}

// TestContent runs the tests beside the expectations, and sees that each has cases for every way it can end.
func TestContent(t *testing.T) {
	fsys, set := content(t)
	if len(set.All()) < 8 {
		t.Fatalf("only %d expectations", len(set.All()))
	}
	for _, e := range set.All() {
		t.Run(e.ID, func(t *testing.T) {
			if stem := strings.TrimSuffix(path.Base(e.File), ".yaml"); stem != e.ID {
				t.Errorf("%s holds expectation %s", e.File, e.ID)
			}
			if e.Lesson == "" || e.Remediation == "" || len(e.Messages) == 0 || len(e.Controls) == 0 {
				t.Errorf("%s wants a lesson, a remediation, a message and controls", e.File)
			}
			seen := map[string]bool{}
			for _, r := range expect.RunTests(fsys, e.File) {
				seen[path.Dir(r.Case)] = true
				switch {
				case !r.OK:
					t.Errorf("%s: %s", r.Case, r.Text)
				case strings.HasPrefix(r.Case, "fail/") && strings.HasPrefix(r.Text, "not met: "):
					t.Errorf("%s: its message was not made: %s", r.Case, r.Text)
				default:
					t.Logf("%s: %s", r.Case, r.Text)
				}
			}
			for _, kind := range []string{"pass", "fail", "unknown", "notapplicable"} {
				if !seen[kind] {
					t.Errorf("no case in %s", kind)
				}
			}
		})
	}
}

// TestControlsExist looks every control up in the frameworks' own lists.
func TestControlsExist(t *testing.T) {
	known := map[string]bool{}
	for _, name := range []string{
		"aws_foundational_security_best_practices_aws.json", "aws_well_architected_framework_security_pillar_aws.json",
		"nist_800_53_revision_5_aws.json",
	} {
		data, err := os.ReadFile(testcorpus.Path(t, "control-frameworks", name))
		if err != nil {
			t.Fatal(err)
		}
		var list struct{ Requirements []struct{ ID string } }
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatal(err)
		}
		for _, r := range list.Requirements {
			known[r.ID] = true
		}
	}
	_, set := content(t)
	for _, e := range set.All() {
		for _, c := range e.Controls {
			nist := strings.NewReplacer("-", "_", "(", "_", ")", "").Replace(strings.ToLower(c)) // SC-28(1) is sc_28_1 there
			if !known[c] && !known[nist] {
				t.Errorf("%s: there is no control %s", e.File, c)
			}
		}
	}
}
