package book_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jobzero/content"
	"jobzero/internal/doc"
	"jobzero/internal/playbook/book"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := book.Schema([]string{"s3.block-public-access"})
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("playbook.json", v); err != nil {
		t.Fatal(err)
	}
	out, err := c.Compile("playbook.json")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// asJSON is a document as a schema sees it.
func asJSON(t *testing.T, n *doc.Node) any {
	t.Helper()
	switch n.Kind {
	case doc.List:
		out := []any{}
		for _, item := range n.Items {
			out = append(out, asJSON(t, item))
		}
		return out
	case doc.Map:
		out := map[string]any{}
		for _, p := range n.Pairs {
			out[p.Key.Text] = asJSON(t, p.Value)
		}
		return out
	case doc.Bool:
		return n.Text == "true"
	case doc.Number:
		return json.Number(n.Text)
	case doc.Null:
		return nil
	default:
		return n.Text
	}
}

func form(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	nodes, err := doc.Parse("x.yml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(asJSON(t, nodes[0]))
}

func TestEveryPlaybookOfTheContentHasTheFormOfTheSchema(t *testing.T) {
	s, n := schema(t), 0
	err := fs.WalkDir(content.FS(), "playbooks", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".yml" {
			return err
		}
		text, err := fs.ReadFile(content.FS(), name)
		if err != nil {
			return err
		}
		n++
		if err := form(t, s, string(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil || n < 10 {
		t.Errorf("%d playbooks, %v", n, err)
	}
	if err := form(t, s, everything); err != nil {
		t.Errorf("every kind of step: %v", err)
	}
}

// notOfForm are bad definitions that only those who know the whole can tell.
var notOfForm = []string{"same step twice", "no such field", "not true or false", "else not last", "twice the same"}

func TestBadFormFailsTheSchema(t *testing.T) {
	s := schema(t)
	for name, tc := range badDefinitions {
		err := form(t, s, strings.Replace(definition, tc.from, tc.to, 1))
		if slices.Contains(notOfForm, name) {
			if err != nil {
				t.Errorf("%s is a matter of form after all: %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}

func TestTheLanguageIsDescribed(t *testing.T) {
	all, err := book.Language()
	if err != nil || len(all) < 14 {
		t.Fatalf("%d types, %v", len(all), err)
	}
	for _, typ := range all {
		if typ.Doc == "" || len(typ.Fields) == 0 {
			t.Errorf("%s has no words or no keys", typ.Name)
		}
		for _, f := range typ.Fields {
			if f.Doc == "" {
				t.Errorf("%s.%s has no words: say behind the field in definition.go what it is", typ.Name, f.Key)
			}
		}
	}
	var have []string
	for _, w := range book.Words() {
		if w.Text == "" {
			t.Errorf("%s has no words", w.Name)
		}
		have = append(have, w.Name)
	}
	want := book.VariableNames()
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(want, have) {
		t.Errorf("words.txt describes\n%v\nconditions ask\n%v", have, want)
	}
	have = nil
	for _, w := range book.GathererWords() {
		have = append(have, w.Name)
	}
	if !slices.Equal(book.Gatherers, have) {
		t.Errorf("words.txt describes %v, there are %v", have, book.Gatherers)
	}
}
