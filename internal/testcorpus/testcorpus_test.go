package testcorpus

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outcome is a test that only writes down how it ended.
type outcome struct {
	testing.TB
	skipped, failed string
}

func (o *outcome) Helper()                        {}
func (o *outcome) Skipf(format string, a ...any)  { o.skipped = fmt.Sprintf(format, a...) }
func (o *outcome) Fatalf(format string, a ...any) { o.failed = fmt.Sprintf(format, a...) }

// TestPath finds what is there, and says where it looked for what is not.
func TestPath(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "set", "labels.json")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		require         string
		parts           []string
		skipped, failed bool
	}{
		"all":             {"1", nil, false, false},
		"folder":          {"1", []string{"set"}, false, false},
		"file":            {"1", []string{"set", "labels.json"}, false, false},
		"absent":          {"", []string{"other"}, true, false},
		"absent, wanted":  {"1", []string{"other"}, false, true},
		"below no folder": {"", []string{"set", "labels.json", "x"}, false, true}, // a wrong path, which is no missing corpus
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("JOBZERO_CORPUS", root)
			t.Setenv("JOBZERO_REQUIRE_CORPUS", c.require)
			o := &outcome{}
			want := filepath.Join(append([]string{root}, c.parts...)...)
			if got := Path(o, c.parts...); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if (o.skipped != "") != c.skipped || (o.failed != "") != c.failed {
				t.Errorf("skipped %q, failed %q", o.skipped, o.failed)
			}
			if said := o.skipped + o.failed; said != "" && !strings.Contains(said, want) {
				t.Errorf("%q does not name %s", said, want)
			}
		})
	}
}

// TestRoot: the corpus lies beside the repository, and a relative name is seen from there too, wherever the test runs.
func TestRoot(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("JOBZERO_REQUIRE_CORPUS", "") // whether it is there makes no difference here
	t.Chdir("../..")                       // as a test of another folder
	for set, want := range map[string]string{
		"":         filepath.Join(repository, "..", "shared", "data", "set"),
		"internal": filepath.Join(repository, "internal", "set"),
	} {
		t.Setenv("JOBZERO_CORPUS", set)
		if got := Path(&outcome{}, "set"); got != want {
			t.Errorf("JOBZERO_CORPUS=%q: got %s, want %s", set, got, want)
		}
	}
}
