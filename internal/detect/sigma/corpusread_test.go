package sigma_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/detect/sigma"
	"jobzero/internal/testcorpus"
)

var filePlace = regexp.MustCompile(`^[^ ]+:\d+:\d+: `)

// packed gives the rules of other log sources than CloudTrail, one text for each file of their origin.
func packed(t *testing.T, each func(file string, text []byte)) {
	t.Helper()
	f, err := os.Open(testcorpus.Path(t, "sigma-rules-parse-corpus", "rules.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct{ Path, YAML string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		each(r.Path, []byte(r.YAML))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestCorpusParses reads the rules of other log sources. Those that are refused are counted by reason.
func TestCorpusParses(t *testing.T) {
	reasons := map[string]int{}
	var all sigma.Set
	packed(t, func(file string, text []byte) {
		s, errs := sigma.Read(file, text, sigma.Options{})
		for _, err := range errs {
			said := err.Error()
			if !filePlace.MatchString(said) {
				t.Errorf("no place: %v", err)
			}
			if !sigma.Unsupported(err) {
				t.Error(err)
			}
			reasons[filePlace.ReplaceAllString(said, "")]++
		}
		if n := len(s.Rules) + len(s.Correlations) + len(s.Filters) + len(errs); n != 1 {
			t.Errorf("%s: %d documents and errors, want one", file, n)
		}
		all.Add(s)
	})
	linked, errs := all.Link()
	for _, err := range errs {
		t.Error(err)
	}
	idle := 0
	for _, r := range linked.Rules {
		if r.Idle != "" {
			idle++
		}
	}
	t.Logf("%d rules read, %d of them idle here; refused: %v", len(linked.Rules), idle, reasons)
	want := map[string]int{"placeholder %known_cdcs% has no values here: give it some in a file of placeholders (content.placeholders, --placeholders), or remove the rule": 1}
	if d := cmp.Diff(want, reasons); d != "" {
		t.Error(d)
	}
	if len(linked.Rules) < 1800 {
		t.Errorf("only %d rules read", len(linked.Rules))
	}
}

// TestCorpusCorrelations reads what others wrote over several rules: every document of it reads and links.
func TestCorpusCorrelations(t *testing.T) {
	for _, c := range []struct {
		path                       []string
		rules, correlations, parts int
		o                          sigma.Options
	}{
		{path: []string{"hayabusa-correlation-rules"}, rules: 2, correlations: 2, parts: 2},
		{path: []string{"suzaku-aws-rules"}, rules: 372, correlations: 3, parts: 5},
		{path: []string{"sigma-aws-rules", "unsupported"}, rules: 4, correlations: 4, parts: 4},
		{path: []string{"sigma-aws-rules", "rules"}, rules: 28},
		{
			path: []string{"sigma-aws-rules", "rules-placeholder"}, rules: 1,
			o: sigma.Options{Placeholders: map[string][]string{"Legitimate_Countries": {"CH"}, "Legitimate_IP_Ranges": {"192.0.2.*"}}},
		},
	} {
		t.Run(strings.Join(c.path, "/"), func(t *testing.T) {
			all, errs := sigma.LoadAll(os.DirFS(testcorpus.Path(t, c.path...)), ".", c.o)
			s, bad := all.Link()
			for _, err := range append(errs, bad...) {
				t.Error(err)
			}
			parts := 0
			for _, r := range s.Rules {
				if r.Part {
					parts++
				}
			}
			if len(s.Rules) != c.rules || len(s.Correlations) != c.correlations || parts != c.parts {
				t.Errorf("%d rules, %d correlations, %d parts; want %d, %d, %d", len(s.Rules), len(s.Correlations), parts, c.rules, c.correlations, c.parts)
			}
		})
	}
}

// TestCorpusSpecification reads the specification's own documents. The rules that its correlations and filters name are not
// among them.
func TestCorpusSpecification(t *testing.T) {
	for folder, want := range map[string][3]int{"rules": {2, 0, 0}, "correlation": {0, 8, 0}, "filter": {0, 0, 2}} {
		dir := testcorpus.Path(t, "sigma-specification", "tests", "schema", folder)
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var all sigma.Set
		for _, f := range files { // each by itself: some have one id
			text, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			s, errs := sigma.Read(f.Name(), text, sigma.Options{})
			for _, err := range errs {
				t.Error(err)
			}
			all.Add(s)
		}
		if got := [3]int{len(all.Rules), len(all.Correlations), len(all.Filters)}; got != want {
			t.Errorf("%s: %d rules, correlations and filters, want %d", folder, got, want)
		}
		if _, errs := all.Link(); (len(errs) == 0) != (folder == "rules") {
			t.Errorf("%s: linking without other rules says %v", folder, errs)
		}
	}
}
