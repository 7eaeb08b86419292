package quality

import (
	"flag"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/testcorpus"
)

var update = flag.Bool("update", false, "write the page anew")

const page = "../../docs/explanation/detection-quality.md"

// floor is what was reached on a corpus when it was last looked at: nothing may fall below it. Raise it when a rule is added.
type floor struct {
	precision, recall float64
	alerted           int // samples with an alert
}

func floors() map[string]floor {
	return map[string]floor{
		"panther-tests":             {0.883, 0.623, 60}, // 53 of 60 alerts wanted, 53 of 85 found
		"panther-tests, other logs": {1, 0.119, 5},      // 5 of 42 found: most are about refusals of a firewall
		"streamalert-tests":         {1, 1, 4},
		"stratus-detonation":        {1, 1, 18},
		"traildiscover":             {1, 1, 27},
		"invictus-cloudtrail":       {1, 1, 12},
		"demo":                      {1, 1, 2},
	}
}

func judge(t *testing.T) *Judge {
	t.Helper()
	j, err := NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// corpora reads all of them.
func corpora(t *testing.T) []Corpus {
	t.Helper()
	must := func(c Corpus, err error) Corpus {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Samples) == 0 {
			t.Fatalf("%s has no samples", c.Name)
		}
		return c
	}
	in := func(name string) string { return testcorpus.Path(t, name) }
	trail, other := Split(must(Panther(os.DirFS(in("panther-tests")))))
	return []Corpus{
		trail,
		other,
		must(StreamAlert(os.DirFS(in("streamalert-tests")))),
		must(Stratus(os.DirFS(in("stratus-detonation")))),
		must(TrailDiscover(os.DirFS(in("traildiscover")))),
		must(Trails("invictus-cloudtrail", os.DirFS(in("invictus-cloudtrail")), "CloudTrail")),
		must(Trails("demo", os.DirFS("../demo"), "logs")),
	}
}

// TestQuality measures the rules and holds the figures against the floors, the reasons and the page.
func TestQuality(t *testing.T) {
	text, err := os.ReadFile("testdata/reasons.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := ReadReasons("testdata/reasons.txt", string(text))
	if err != nil {
		t.Fatal(err)
	}
	report := Report{Date: time.Now().UTC().Format(time.DateOnly), Rules: judge(t).Rules()}
	all := corpora(t)
	for _, c := range all {
		tally := judge(t).Measure(c, reasons) // by itself: what one corpus says of sessions is nothing to another
		for _, key := range tally.Unexplained {
			t.Errorf("%s | %s | our verdict is another, and nobody says why: write a rule, or a reason into testdata/reasons.txt", c.Name, key)
		}
		least, ok := floors()[c.Name]
		if !ok || tally.Precision() < least.precision || tally.Recall() < least.recall || tally.Alerted < least.alerted {
			t.Errorf("%s: precision %.4f, recall %.4f, alerts on %d of %d samples; want at least %+v",
				c.Name, tally.Precision(), tally.Recall(), tally.Alerted, tally.Samples, least)
		}
		report.Tallies = append(report.Tallies, tally)
	}
	for _, line := range reasons.Unused() {
		t.Errorf("testdata/reasons.txt: %s excuses nothing: take it out", line)
	}
	report.Benign = madeUp(t)
	for _, c := range all {
		negatives(t, judge(t), c, reasons, &report.Benign)
	}
	quietMorning(t, judge(t), &report.Benign)
	quiet(t, report.Benign)
	current(t, report)
}

var dated = regexp.MustCompile(`measured on (\d{4}-\d\d-\d\d)`)

// current holds the page against the report, but for the day.
func current(t *testing.T, r Report) {
	t.Helper()
	if *update {
		if err := os.WriteFile(page, []byte(r.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if day := dated.FindSubmatch(have); day != nil {
		r.Date = string(day[1])
	}
	if d := cmp.Diff(string(have), r.String()); d != "" {
		t.Errorf("the page is not what is measured: run make quality\n%s", d)
	}
}
