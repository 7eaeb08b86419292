package cacao_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jobzero/internal/playbook/cacao"
	"jobzero/internal/testcorpus"
)

// standard is the schema of CACAO 2.0. It lies in the corpus and not here.
func standard(tb testing.TB) *jsonschema.Schema {
	tb.Helper()
	c := jsonschema.NewCompiler()
	var root string
	err := filepath.WalkDir(testcorpus.Path(tb, "cacao-schemas", "lib"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return err
		}
		id := doc.(map[string]any)["$id"].(string)
		if strings.HasSuffix(id, "/schemas/playbook.json") {
			root = id
		}
		return c.AddResource(id, doc)
	})
	if err != nil {
		tb.Fatal(err)
	}
	schema, err := c.Compile(root)
	if err != nil {
		tb.Fatal(err)
	}
	return schema
}

// published are playbooks that nobody here wrote, by their path in the corpus, and everything.json.
func published(tb testing.TB) map[string][]byte {
	tb.Helper()
	out, root := map[string][]byte{}, testcorpus.Path(tb, "cacao-playbooks")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(out) < 7 {
		tb.Fatalf("%d playbooks, %v", len(out), err)
	}
	out["everything.json"] = everything(tb)
	return out
}

// everything is a playbook of our own with every type of step and object, for what the published ones lack.
func everything(tb testing.TB) []byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/everything.json")
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func valid(tb testing.TB, s *jsonschema.Schema, text []byte) error {
	tb.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	return s.Validate(v)
}

// TestOneVerdictWithTheSchema: of every published playbook our own checks say what the schema of OASIS says.
func TestOneVerdictWithTheSchema(t *testing.T) {
	schema, good := standard(t), 0
	for name, text := range published(t) {
		want := valid(t, schema, text)
		_, _, err := cacao.Read(name, text)
		if (want == nil) != (err == nil) {
			t.Errorf("%s: the schema says %v, we %v", name, want, err)
		}
		if err == nil {
			good++
		}
	}
	if good != 7 {
		t.Errorf("%d are valid", good)
	}
	_, _, err := cacao.Read("changed.json", published(t)["test/playbooks/changed-playbook.json"])
	if err == nil || !strings.Contains(err.Error(), "changed.json:31:17: workflow: want an object with a value for each key, not a list") {
		t.Errorf("got %v", err)
	}
}

// TestWhatTheSchemaRefusesWeRefuse breaks each value of each published playbook in up to eight ways and holds both verdicts together. We refuse
// more: the schema knows nothing of commands, and lets keys through that are no identifiers.
func TestWhatTheSchemaRefusesWeRefuse(t *testing.T) {
	schema := standard(t)
	broken, both, more := 0, 0, 0
	for name, text := range published(t) {
		var doc any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		if valid(t, schema, text) != nil {
			continue
		}
		others := []any{nil, float64(1), float64(-1), "x", true, []any{}, map[string]any{}}
		if name == "everything.json" { // large, and slow to hold against the schema
			others = others[1:2]
		}
		spoil(doc, name, others, func(where string) {
			broken++
			changed, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			theirs := schema.Validate(doc)
			_, _, ours := cacao.Read(name, changed)
			switch {
			case theirs != nil && ours == nil:
				t.Errorf("%s: only the schema refuses: %v", where, theirs)
			case theirs != nil:
				both++
			case ours != nil:
				more++
			}
		})
	}
	t.Logf("%d broken playbooks: both refuse %d, we alone %d, both take %d", broken, both, more, broken-both-more)
	if both < 1000 || more > broken/4 {
		t.Errorf("of %d both refuse %d and we alone %d", broken, both, more)
	}
}

// spoil takes each value below v away, or puts another in its place, and puts it back.
func spoil(v any, at string, others []any, look func(where string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			old := v[k]
			delete(v, k)
			look(at + "." + k + " taken away")
			for _, o := range others {
				v[k] = o
				look(fmt.Sprintf("%s.%s = %#v", at, k, o))
			}
			v[k] = old
			spoil(old, at+"."+k, others, look)
		}
	case []any:
		for i, old := range v {
			for _, o := range others {
				v[i] = o
				look(fmt.Sprintf("%s[%d] = %#v", at, i, o))
			}
			v[i] = old
			spoil(old, fmt.Sprintf("%s[%d]", at, i), others, look)
		}
	}
}
