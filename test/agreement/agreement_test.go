package agreement

import (
	"flag"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/testcorpus"
)

var write = flag.Bool("write", false, "write the page anew")

const page = "../../docs/reference/agreement.md"

// corpora are read in the order of the page.
func corpora() []struct {
	name string
	read func(fs.FS) (*Corpus, error)
} {
	return []struct {
		name string
		read func(fs.FS) (*Corpus, error)
	}{
		{"guard-rules", Guard},
		{"cfn-nag", Nag},
		{"checkov-cfn", CheckovFiles},
		{"checkov-graph", CheckovGraphs},
		{"trivy-examples", Trivy},
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestAgreement measures the expectations and holds the figures against the floors, the reasons and the page.
func TestAgreement(t *testing.T) {
	var tallies []*Tally
	for _, c := range corpora() {
		t.Run(c.name, func(t *testing.T) {
			corpus, err := c.read(os.DirFS(testcorpus.Path(t, c.name)))
			if err != nil {
				t.Fatal(err)
			}
			if len(corpus.Cases) == 0 {
				t.Fatal("the corpus has no cases")
			}
			tallies = append(tallies, measure(t, corpus))
		})
	}
	if len(tallies) == len(corpora()) { // the page tells of all of them
		current(t, Page(tallies))
	}
}

func measure(t *testing.T, c *Corpus) *Tally {
	t.Helper()
	mapFile, reasonFile := c.Name+".txt", c.Name+".reasons.txt"
	m, err := ReadMapping(mapFile, readText(t, mapFile))
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := ReadReasons(reasonFile, readText(t, reasonFile))
	if err != nil {
		t.Fatal(err)
	}
	j, err := NewJudge()
	if err != nil {
		t.Fatal(err)
	}
	known(t, c, m, j)
	tally, err := j.Measure(t.Context(), c, m, reasons)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(tally)
	for _, line := range tally.Unexplained {
		t.Errorf("%s\n\tmend the expectation, or give a reason in %s", line, reasonFile)
	}
	for _, key := range reasons.Unused() {
		t.Errorf("%s: %s excuses nothing: take it out", reasonFile, key)
	}
	if tally.Agreement() < m.Agreement || tally.Coverage() < m.Coverage {
		t.Errorf("%s; the floors are %.1f %% of the cases covered and %.1f %% of those agreed", tally, m.Coverage, m.Agreement)
	}
	return tally
}

// known: a map to an expectation or of a control that does not exist would go unnoticed.
func known(t *testing.T, c *Corpus, m *Mapping, j *Judge) {
	t.Helper()
	controls := map[string]bool{}
	for _, name := range c.Controls() {
		controls[name] = true
	}
	for _, name := range m.Order {
		if !controls[name] {
			t.Errorf("%s.txt: the corpus has no control %s", c.Name, name)
		}
		for _, id := range m.Controls[name].IDs {
			if !j.Knows(id) {
				t.Errorf("%s.txt: %s: there is no expectation %s", c.Name, name, id)
			}
		}
		for _, word := range strings.FieldsFunc(m.Controls[name].Why, func(r rune) bool { return strings.ContainsRune(" ,;:", r) }) {
			if j.Knows(word) {
				t.Errorf("%s.txt: %s is left out for a reason that names %s: what an expectation is about is covered", c.Name, name, word)
			}
		}
	}
}

func current(t *testing.T, want string) {
	t.Helper()
	if *write {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(readText(t, page), want); d != "" {
		t.Errorf("the page is not what is measured: run make agreement\n%s", d)
	}
}
