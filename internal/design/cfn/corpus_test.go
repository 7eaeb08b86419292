package cfn_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/fault"
	"jobzero/internal/testcorpus"
)

// count is what came out of some templates.
type count struct {
	files, refused, resources, known, unknown, skipped, links, problems int
}

func (c *count) add(d design.Document) {
	c.resources += len(d.Resources)
	c.skipped += len(d.Skipped)
	c.links += len(d.Links)
	c.problems += len(d.Problems)
	for _, r := range d.Resources {
		c.known += leaves(r.Properties)
		c.unknown += len(r.Unknown)
	}
}

func leaves(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n += leaves(e)
		}
	case []any:
		for _, e := range v {
			n += leaves(e)
		}
	case nil:
	default:
		return 1
	}
	return n
}

// text is one template of the corpus.
type text struct {
	name string
	data []byte
}

// TestCorpus reads templates that nobody here wrote, as they are and with everything given that can be.
func TestCorpus(t *testing.T) {
	sets := map[string][]text{}
	for _, set := range []string{"cfn-templates", "checkov-cfn", "cfn-nag", "config-conformance-packs"} {
		sets[set] = files(t, testcorpus.Path(t, set))
	}
	sets["guard-rules"] = lines(t, testcorpus.Path(t, "guard-rules", "cases.jsonl"), func(line []byte) (string, []byte) {
		var c struct {
			Rule, Name string
			Input      json.RawMessage
		}
		unmarshal(t, line, &c)
		return c.Rule + "/" + c.Name + ".json", c.Input
	})
	sets["trivy-examples"] = lines(t, testcorpus.Path(t, "trivy-examples", "examples.jsonl"), func(line []byte) (string, []byte) {
		var c struct{ Check, Kind, Expected, Text string }
		unmarshal(t, line, &c)
		if c.Kind != "cloudformation" {
			return "", nil
		}
		return c.Check + "/" + c.Expected + ".yaml", []byte(c.Text)
	})
	for _, o := range []cfn.Options{{}, {Account: "111122223333", Region: "eu-central-1", StackName: "shop"}} {
		var all count
		for set, list := range sets {
			c := read(t, set, list, o)
			t.Logf("%-25s account %q: %+v", set, o.Account, c)
			all.files += c.files
			all.refused += c.refused
			all.resources += c.resources
			all.known += c.known
			all.unknown += c.unknown
			all.skipped += c.skipped
			all.links += c.links
			all.problems += c.problems
			if want := map[string]int{"guard-rules": 108, "trivy-examples": 1, "cfn-nag": 1}[set]; c.refused > want { // those are no templates
				t.Errorf("%s: %d are refused, want %d", set, c.refused, want)
			}
		}
		if all.files == 0 || all.resources < all.files || all.unknown == 0 {
			t.Errorf("hardly anything was read: %+v", all)
		}
		t.Logf("account %q: of %d values %.1f %% are known: %+v", o.Account, all.known+all.unknown,
			100*float64(all.known)/float64(all.known+all.unknown), all)
	}
}

func read(t *testing.T, set string, list []text, o cfn.Options) (c count) {
	t.Helper()
	for _, f := range list {
		c.files++
		d, err := cfn.Read(f.name, f.data, o)
		if err != nil {
			c.refused++
			if !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), f.name+":") {
				t.Errorf("%s: an error without a place: %v", f.name, err)
			}
			t.Logf("%s: refused: %v", set, err)
			continue
		}
		c.add(d)
		for _, r := range d.Resources {
			if r.Name == "" || r.Type == "" || r.ID == "" || r.Place.Line == 0 || r.Properties == nil {
				t.Errorf("%s: a resource without name, type or place: %+v", f.name, r)
			}
			for _, u := range r.Unknown {
				if u.Cause == "" || r.Where(u.Path).Line == 0 {
					t.Errorf("%s: %s: no cause or no place: %+v", f.name, r.Name, u)
				}
			}
		}
	}
	return c
}

func files(t *testing.T, root string) (out []text) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, filepath.Ext(path)) {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		out = append(out, text{name, data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func lines(t *testing.T, path string, of func([]byte) (string, []byte)) (out []text) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(strings.NewReader(string(data)))
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		if name, data := of(s.Bytes()); name != "" {
			out = append(out, text{name, data})
		}
	}
	return out
}

func unmarshal(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}
