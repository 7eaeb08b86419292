package drift_test

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/drift"
	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

// TestTemplatesAgainstThemselves holds every resource of published templates against what it says itself, as an API would give it
// back: as JSON, with lists in another order. Nothing may differ, and whatever is not known is left open.
func TestTemplatesAgainstThemselves(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var resources, same, open, without int
	for _, set := range []string{"cfn-templates", "cfn-nag", "checkov-cfn"} {
		err := filepath.WalkDir(testcorpus.Path(t, set), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			for _, d := range published(t, path) {
				c, ok := itself(t, d, r)
				if !ok {
					without++
					continue
				}
				resources++
				same += c.Same
				open += len(c.Open)
				for _, x := range c.Differences {
					t.Errorf("%s %s: %s %s: said %v, is %v", path, d.Name, x.Kind, x.Path, x.Said, x.Is)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d resources: %d values the same, %d left open; %d that cannot be found, or are parts of others", resources, same, open, without)
	if resources < 500 || same < 5*resources/2 {
		t.Errorf("too little was compared: %d resources, %d values", resources, same)
	}
}

// TestAChangedTemplateIsSeen changes every value of published templates, one at a time, at the live side. Only beside what is not
// known may a change stay unseen.
func TestAChangedTemplateIsSeen(t *testing.T) {
	var changes, hidden int
	err := filepath.WalkDir(testcorpus.Path(t, "cfn-templates"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		for _, d := range published(t, path) {
			var ways [][]any
			scalars(d.Properties, nil, &ways)
			for _, way := range ways {
				c, ok := against(d, with(d.Properties, way))
				if !ok || len(way) == 0 {
					break
				}
				changes++
				if len(c.Differences) > 0 {
					continue
				}
				if hidden++; len(c.Open) == 0 {
					t.Errorf("%s %s: %v is another, and nothing differs", path, d.Name, way)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d changes, %d of them beside what is not known and not seen", changes, hidden)
	if changes < 1000 || hidden > changes/50 {
		t.Errorf("%d of %d changes were not seen", hidden, changes)
	}
}

// published are the resources of a file, none where it is no template; what is refused the loader's own tests say.
func published(t *testing.T, path string) []design.Declared {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := cfn.Read(filepath.Base(path), text, cfn.Options{Account: account, Region: region})
	return doc.Resources
}

// itself compares a resource with its own properties.
func itself(t *testing.T, d design.Declared, r *rand.Rand) (drift.Compared, bool) {
	t.Helper()
	text, err := json.Marshal(d.Properties)
	if err != nil {
		t.Fatal(err)
	}
	live, _ := mixed(parsed(t, string(text)), "", r).(map[string]any)
	return against(d, live)
}

// against compares a resource with properties; false when it is a part of others, or cannot be found.
func against(d design.Declared, live any) (drift.Compared, bool) {
	w := drift.World{Account: account, Region: region, IDs: map[string]string{d.Name: "arn:aws:x:::it"}, Read: map[string]resource.Resource{}}
	refs, why := w.Refs(d)
	if why != "" || refs[0].Type != d.Type {
		return drift.Compared{}, false
	}
	properties, _ := live.(map[string]any)
	w.Read[refs[0].Key()] = resource.Resource{Ref: refs[0], Properties: properties}
	return drift.Compare(design.Document{Resources: []design.Declared{d}}, w)[0], true
}

// mixed shuffles lists of objects, but for those in documents other than policies and those whose order means something.
func mixed(v any, name string, r *rand.Rand) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = mixed(e, k, r)
		}
	case []any:
		for i, e := range v {
			v[i] = mixed(e, name, r)
		}
		for _, set := range []string{"Tags", "Ingress", "Egress", "SubnetIds", "Statement", "Action", "ManagedPolicyArns", "SecurityGroupIds", "Policies"} {
			if strings.HasSuffix(name, set) {
				r.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
			}
		}
	}
	return v
}
