package hcl

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/design"
	"jobzero/internal/testcorpus"
)

// tally is what was read of a corpus.
type tally struct {
	folders, failed int
	all             design.Coverage
	unknown, links  int
	types, reasons  map[string]int
	problems        map[string]int
}

func (y *tally) add(t *testing.T, name string, doc design.Document, err error) {
	t.Helper()
	y.folders++
	if err != nil {
		y.failed++
		t.Logf("%s: %v", name, err)
		if len(strings.Split(err.Error(), ":")) < 4 {
			t.Errorf("%s: an error without a place: %v", name, err)
		}
	}
	for _, r := range doc.Resources {
		y.unknown += len(r.Unknown)
		if r.Place.Line < 1 || r.Place.File == "" {
			t.Errorf("%s: %s has no place", name, r.Name)
		}
		for _, u := range r.Unknown {
			if u.Path == "" || u.Cause == "" {
				t.Errorf("%s: %s: %+v", name, r.Name, u)
			}
		}
	}
	y.links += len(doc.Links)
	for _, s := range doc.Skipped {
		if strings.Contains(s.Why, "nothing is known") {
			y.types[s.Type]++
		} else {
			y.reasons[strings.SplitN(s.Why, ":", 2)[0]]++
		}
	}
	for _, p := range doc.Problems {
		y.problems[p.Why]++
		t.Logf("%s: %s %s: %s", name, p.Place, p.Name, p.Why)
	}
	c := doc.Coverage
	y.all.Resources, y.all.OfResources = y.all.Resources+c.Resources, y.all.OfResources+c.OfResources
	y.all.Values, y.all.OfValues, y.all.Unknown = y.all.Values+c.Values, y.all.OfValues+c.OfValues, y.all.Unknown+c.Unknown
}

// TestCorpus reads every text that others published, and says how much of it was understood.
func TestCorpus(t *testing.T) {
	total := &tally{types: map[string]int{}, reasons: map[string]int{}, problems: map[string]int{}}
	for _, corpus := range []string{"checkov-graph", "iam-vulnerable-tf"} {
		root := testcorpus.Path(t, corpus)
		folders := map[string]bool{}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && IsText(d.Name()) {
				folders[filepath.Dir(path)] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range slices.Sorted(maps.Keys(folders)) {
			rel, _ := filepath.Rel(root, folder)
			doc, err := Read(os.DirFS(root), filepath.ToSlash(rel), Options{})
			total.add(t, corpus+"/"+rel, doc, err)
			again, _ := Read(os.DirFS(root), filepath.ToSlash(rel), Options{})
			if diff := cmp.Diff(doc, again, cmpopts.IgnoreFields(design.Declared{}, "At")); diff != "" {
				t.Errorf("%s: another document the second time: %s", rel, diff)
			}
		}
	}
	file, err := os.Open(testcorpus.Path(t, "trivy-examples", "examples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var e struct{ Check, Kind, Expected, Text string }
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind != "terraform" {
			continue
		}
		doc, err := Read(fstest.MapFS{"main.tf": {Data: []byte(e.Text)}}, ".", Options{})
		total.add(t, fmt.Sprintf("examples:%d %s", n, e.Check), doc, err)
	}
	t.Logf("%d folders, %d with errors: %s; %d unknown properties, %d links", total.folders, total.failed, total.all, total.unknown, total.links)
	t.Logf("skipped: %v", total.reasons)
	var types []string
	for k, n := range total.types {
		types = append(types, fmt.Sprintf("%4d %s", n, k))
	}
	slices.Sort(types)
	slices.Reverse(types)
	t.Logf("without a type here:\n%s", strings.Join(types, "\n"))
	if total.folders < 200 || total.failed*50 > total.folders || total.all.Values*100 < total.all.OfValues*90 {
		t.Errorf("%d folders, %d failed, %s: too little", total.folders, total.failed, total.all)
	}
}
