package expect_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expect"
	"jobzero/internal/resource"
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

// TestOpen finds in the text of every expectation what reading all of it finds, and judges by it.
func TestOpen(t *testing.T) {
	fsys, set := content(t)
	late, err := expect.Open(fsys, "expectations")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(set.IDs(), late.IDs()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(set.Types(), late.Types()); d != "" {
		t.Error(d)
	}
	for _, name := range set.Types() {
		r := resource.Resource{Ref: resource.Ref{Type: name}, Properties: map[string]any{}}
		want, got := set.Check(r, expect.Facts{}), late.Check(r, expect.Facts{})
		if len(want) != len(got) {
			t.Errorf("%s: %d verdicts, want %d", name, len(got), len(want))
			continue
		}
		for i, v := range want {
			if v.Expectation.ID != got[i].Expectation.ID || v.Result != got[i].Result || v.Why != got[i].Why || got[i].Expectation.Title == got[i].Expectation.ID {
				t.Errorf("%s of %s: %s (%s), want %s (%s)", v.Expectation.ID, name, got[i].Result, got[i].Why, v.Result, v.Why)
			}
		}
	}
}

// TestOpenBroken never passes what could not be judged.
func TestOpenBroken(t *testing.T) {
	const good = "title: a\nwhy: b\nseverity: high\nexpression: 'true'\n"
	for name, text := range map[string]string{
		"no CEL":     strings.Replace(good, "'true'", "'true ='", 1),
		"no title":   "why: b\n",
		"not YAML":   good + "[",
		"other name": good + "\"resource\": AWS::S3::Bucket\n",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := expect.Open(fstest.MapFS{"x/a.yaml": {Data: []byte("id: a\nresource: AWS::S3::Bucket\n" + text)}}, "x")
			if err != nil {
				t.Fatal(err)
			}
			v := s.Check(resource.Resource{Ref: resource.Ref{Type: resource.Bucket}}, expect.Facts{})
			if len(v) != 1 || v[0].Result != expect.Unknown || !strings.Contains(v[0].Why, "cannot be read: x/a.yaml:") || len(v[0].Expectation.Properties()) != 0 {
				t.Errorf("%+v", v)
			}
		})
	}
	for name, text := range map[string]string{"odd form": "id: a\nid: b\n", "twice": "id: b\nresource: AWS::S3::Bucket\n" + good} {
		if _, err := expect.Open(fstest.MapFS{"x/a.yaml": {Data: []byte(text)}, "x/b.yaml": {Data: []byte("id: b\nresource: AWS::S3::Bucket\n" + good)}}, "x"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// BenchmarkLoad reads and compiles every expectation, as serve and test do; BenchmarkOpen finds them, and reads those of one type.
func BenchmarkLoad(b *testing.B) {
	fsys, _ := content(b)
	for b.Loop() {
		if _, errs := expect.Load(fsys, "expectations"); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	fsys, _ := content(b)
	for b.Loop() {
		s, err := expect.Open(fsys, "expectations")
		if err != nil || len(s.Check(resource.Resource{Ref: resource.Ref{Type: resource.Bucket}}, expect.Facts{})) == 0 {
			b.Fatal(err)
		}
	}
}
