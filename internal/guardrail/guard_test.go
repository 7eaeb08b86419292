package guardrail

import (
	"cmp"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/content"
	"jobzero/internal/doc"
	"jobzero/internal/expect"
)

// cfnGuard is the binary of CloudFormation Guard: the one that is named, the one that `make guard` has fetched, or the one of this
// machine. Where there is none the test is skipped, or fails when JOBZERO_REQUIRE_CORPUS is 1.
func cfnGuard(t *testing.T) string {
	t.Helper()
	const want = "3.1.1"
	for _, name := range []string{os.Getenv("JOBZERO_CFNGUARD"), "../../bin/cfn-guard", "cfn-guard"} {
		if name == "" {
			continue
		}
		bin, err := exec.LookPath(name)
		if err != nil {
			if name == os.Getenv("JOBZERO_CFNGUARD") {
				t.Fatalf("JOBZERO_CFNGUARD: %v", err)
			}
			continue
		}
		out, err := exec.Command(bin, "--version").CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Fatalf("%s is not cfn-guard %s: %s %v", bin, want, out, err)
		}
		return bin
	}
	const how = "there is no cfn-guard " + want + ": `make guard` fetches it by npm, or name its binary in JOBZERO_CFNGUARD"
	if os.Getenv("JOBZERO_REQUIRE_CORPUS") == "1" {
		t.Fatal(how)
	}
	t.Skip(how)
	return ""
}

// TestGuardAgrees holds the rules against the expectations' own cases: where the expectation passes or fails, Guard has to.
func TestGuardAgrees(t *testing.T) {
	bin := cfnGuard(t)
	dir := t.TempDir()
	rules, judged, undecided, skipped := 0, 0, 0, 0
	for _, e := range embedded(t) {
		r, err := Guard(e)
		if err != nil {
			continue
		}
		rules++
		file := filepath.Join(dir, r.Name+".guard")
		if err := os.WriteFile(file, []byte(r.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, text := range cases(t, e) {
			want := path.Dir(name)
			template, ok := templateOf(t, text)
			switch {
			case want == "unknown":
				undecided++
				continue
			case !ok:
				skipped++
				continue
			}
			judged++
			data := filepath.Join(dir, "template.json")
			if err := os.WriteFile(data, template, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(bin, "validate", "--rules", file, "--data", data).CombinedOutput()
			got := "pass"
			if x, failed := err.(*exec.ExitError); failed && x.ExitCode() == 19 { //nolint:errorlint // of exec
				got = "fail"
			} else if err != nil {
				t.Errorf("%s: Guard does not take the rule: %v\n%s\n%s", e.ID, err, out, r.Text)
				break
			}
			if want == "notapplicable" {
				want = "pass"
			}
			if got != want {
				t.Errorf("%s %s: want %s, Guard says %s\n%s%s", e.ID, name, want, got, r.Text, template)
			}
		}
	}
	t.Logf("%d rules, %d cases judged alike, %d undecided ones left out, %d that a template cannot say", rules, judged, undecided, skipped)
	if rules < 50 || judged < 100 {
		t.Errorf("%d rules and %d cases: far fewer than there were", rules, judged)
	}
}

func embedded(t *testing.T) []*expect.Expectation {
	t.Helper()
	set, bad := expect.Load(content.FS(), "expectations")
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	return set.All()
}

// cases are those of the .test beside an expectation, by name.
func cases(t *testing.T, e *expect.Expectation) map[string][]byte {
	t.Helper()
	name := strings.TrimSuffix(e.File, path.Ext(e.File)) + ".test"
	text, err := fs.ReadFile(content.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	a, err := doc.Archive(name, text)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range a.Files {
		out[strings.TrimSuffix(f.Name, ".json")] = f.Data
	}
	return out
}

// templateOf writes a resource as a template; false when it says more than a template can.
func templateOf(t *testing.T, text []byte) ([]byte, bool) {
	t.Helper()
	var r struct {
		Type       string         `json:"type"`
		Properties map[string]any `json:"properties"`
		Related    any            `json:"related"`
		Intent     any            `json:"intent"`
		Gone       bool           `json:"gone"`
		Unknown    []any          `json:"unknown"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if r.Related != nil || r.Intent != nil || r.Gone || len(r.Unknown) > 0 || strings.HasPrefix(r.Type, "jobzero::") {
		return nil, false
	}
	out, err := json.Marshal(map[string]any{"Resources": map[string]any{"R": map[string]any{
		"Type": cmp.Or(r.Type, "none"), "Properties": r.Properties,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return out, true
}
