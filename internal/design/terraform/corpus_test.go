package terraform

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/design"
	"jobzero/internal/testcorpus"
)

// TestCorpus reads every plan that others published, and says how much of each was understood.
func TestCorpus(t *testing.T) {
	var all design.Coverage
	plans, skipped := 0, map[string]int{}
	for _, folder := range []string{"terraform-plans", "checkov-graph", "checkov-cfn", "trivy-examples", "iam-vulnerable-tf"} {
		root := testcorpus.Path(t, folder)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if text, _ := plain("", data); !bytes.Contains(text, []byte(`"planned_values"`)) {
				return nil
			}
			name, _ := filepath.Rel(root, path)
			doc, err := Read(name, data)
			if err != nil {
				t.Errorf("%v", err)
				return nil
			}
			plans++
			unknown := 0
			for _, r := range doc.Resources {
				unknown += len(r.Unknown)
				if r.Place.Line < 1 && len(doc.Resources) > 0 {
					t.Errorf("%s: %s has no line", name, r.Name)
				}
			}
			t.Logf("%s: %s; %d unknown properties, %d links", name, doc.Coverage, unknown, len(doc.Links))
			for _, p := range doc.Problems {
				t.Logf("    %s %s: %s", p.Place, p.Name, p.Why)
			}
			for _, s := range doc.Skipped {
				if strings.Contains(s.Why, "nothing is known") {
					skipped[s.Type]++
				}
			}
			c := doc.Coverage
			all.Resources, all.OfResources = all.Resources+c.Resources, all.OfResources+c.OfResources
			all.Values, all.OfValues, all.Unknown = all.Values+c.Values, all.OfValues+c.OfValues, all.Unknown+c.Unknown
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d plans: %s; without a type here: %v", plans, all, skipped)
	if plans < 24 || all.Resources*100 < all.OfResources*85 || all.Values*100 < all.OfValues*95 {
		t.Errorf("%d plans, %s: too little", plans, all)
	}
}
