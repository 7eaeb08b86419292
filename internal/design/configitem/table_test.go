package configitem

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/design"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
	"jobzero/internal/testcorpus"
)

// TestTable holds the table against the schema: what it names is there, and what it ignores is in no rule.
func TestTable(t *testing.T) {
	b := open()
	for from, to := range b.aliases {
		if _, ok := schema.Of(to); !ok {
			t.Errorf("%s: there is no type %s", from, to)
		}
	}
	for name, e := range b.types {
		typ, ok := schema.Of(name)
		if !ok {
			t.Errorf("there is no type %s", name)
			continue
		}
		for none := range e.none {
			if _, ok := typ.Member(none); !ok {
				t.Errorf("%s has no %s", name, none)
			}
		}
		for from, list := range e.rules {
			if e.ignored[from] {
				t.Errorf("%s: %s has a rule and is ignored", name, from)
			}
			for _, x := range list {
				if x.from == 0 {
					checkTarget(t, typ, x.target)
				}
			}
		}
	}
}

func checkTarget(t *testing.T, typ *schema.Type, target []string) {
	t.Helper()
	var steps []schema.Step
	for _, s := range target {
		steps = append(steps, schema.Step{Name: s})
	}
	if _, wrong, nearest := typ.At(steps); wrong < len(steps) {
		if _, ok := typ.Member(strings.Join(target, ".")); !ok {
			t.Errorf("%s has no %v; %s is near", typ.Name, target, nearest)
		}
	}
}

// TestTableRefuses says what is wrong with a line.
func TestTableRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"  a -> B\n": "stands in no block", "type A::B::C\n  a -> B fly\n": "there is no verb fly", "type A::B::C\n  a B\n": "is no line of this table",
		"nothing\n": "stands in no block",
	} {
		b := &book{types: map[resource.Type]*entry{}, aliases: map[string]resource.Type{}}
		if err := b.read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestCorpusProperties makes an item of the properties that AWS publishes for each type, and counts what is not understood.
func TestCorpusProperties(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testcorpus.Path(t, "config-resource-schema"), "config/properties/resource-types/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	read, all, tabled, allTabled := 0, 0, 0, 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".properties.json")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var properties map[string]string
		if err := json.Unmarshal(text, &properties); err != nil {
			t.Fatal(file, err)
		}
		d := readSample(t, sample(name, properties))
		if len(d.Resources) == 0 {
			continue
		}
		c := d.Coverage
		read, all = read+c.Values, all+c.OfValues
		if open().types[d.Resources[0].Type] != nil {
			tabled, allTabled = tabled+c.Values, allTabled+c.OfValues
			var strange []string
			for _, u := range d.Resources[0].Unknown {
				if u.Cause != "the item does not say it" && !slices.Contains(strange, u.Cause) {
					strange = append(strange, u.Cause)
				}
			}
			t.Log(name, c, strange)
		}
	}
	t.Logf("types of the table: %d of %d values; all: %d of %d", tabled, allTabled, read, all)
	if tabled*100 < 85*allTabled {
		t.Errorf("of the types of the table %d of %d values are understood", tabled, allTabled)
	}
}

// readSample reads a sample, and makes lists of what the loader says should be lists: what AWS publishes does not say it.
func readSample(t *testing.T, item map[string]any) design.Document {
	t.Helper()
	for round := 0; ; round++ {
		text, err := json.Marshal(map[string]any{"configurationItem": item})
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read("item.json", text)
		if err != nil {
			t.Fatal(err)
		}
		changed := false
		for _, r := range d.Resources {
			for _, u := range r.Unknown {
				if full, ok := strings.CutSuffix(u.Cause, " should be a list"); ok && round < 6 {
					changed = listed(item, full) || changed
				}
			}
		}
		if !changed {
			return d
		}
	}
}

// listed makes a list of the part at a path, which begins with + in the supplementary configuration.
func listed(item map[string]any, full string) bool {
	top := "configuration"
	if rest, ok := strings.CutPrefix(full, "+"); ok {
		top, full = "supplementaryConfiguration", rest
	}
	at, _ := item[top].(map[string]any)
	steps := strings.Split(full, ".")
	for _, s := range steps[:len(steps)-1] {
		next := at[s]
		if list, ok := next.([]any); ok && len(list) > 0 {
			next = list[0]
		}
		at, _ = next.(map[string]any)
	}
	last := steps[len(steps)-1]
	if inner, ok := at[last].(map[string]any); ok && inner["items"] != nil {
		at, last = inner, "items"
	}
	if _, already := at[last].([]any); already || at[last] == nil {
		return false
	}
	if inner, ok := at[last].(map[string]any); ok && len(inner) == 1 && inner["value"] != nil {
		at[last] = inner["value"] // so does it name a list of texts
	}
	at[last] = []any{at[last]}
	return true
}

// sample is an item with a value for each property.
func sample(name string, properties map[string]string) map[string]any {
	item := map[string]any{"resourceType": name, "resourceId": "a", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026", "tags": map[string]any{}}
	values := map[string]any{"string": "a", "integer": 1, "float": 2.0, "boolean": true, "date": "2026-01-01T00:00:00Z", "ip": "198.51.100.1", "cidr_block": "198.51.100.0/24"}
	for _, path := range slices.Sorted(maps.Keys(properties)) {
		steps := strings.Split(path, ".")
		if steps[0] != "configuration" && steps[0] != "supplementaryConfiguration" || values[properties[path]] == nil {
			continue
		}
		at := item
		for _, s := range steps[:len(steps)-1] {
			inner, ok := at[s].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[s] = inner
			}
			at = inner
		}
		at[steps[len(steps)-1]] = values[properties[path]]
	}
	return item
}
