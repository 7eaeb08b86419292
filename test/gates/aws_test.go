package gates

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"jobzero/content"
	"jobzero/internal/design"
	"jobzero/internal/design/terraform"
	"jobzero/internal/design/terraform/hcl"
	"jobzero/internal/doc"
	"jobzero/internal/expect"
)

// leastTypes is how many types of the provider aws have to be compared at least, each with a state that passes and one that fails.
const leastTypes = 15

// TestProviderAWS reads states of the provider aws as a folder of Terraform and as a plan, and wants the same verdict of both.
func TestProviderAWS(t *testing.T) {
	set, errs := expect.Load(content.FS(), "expectations")
	for _, err := range errs {
		t.Fatal(err)
	}
	byID := map[string]*expect.Expectation{}
	for _, e := range set.All() {
		byID[e.ID] = e
	}
	const file = "testdata/aws.txtar"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := doc.Archive(file, data)
	if err != nil {
		t.Fatal(err)
	}
	seen, compared := map[string]map[string]bool{}, 0
	for _, f := range archive.Files {
		e := byID[path.Dir(path.Dir(f.Name))]
		if e == nil {
			t.Errorf("%s: there is no such expectation", f.Name)
			continue
		}
		want := expect.Result(path.Base(path.Dir(f.Name)))
		for form, read := range map[string]func([]byte) (design.Document, error){"folder": folder, "plan": planOf} {
			d, err := read(f.Data)
			r, _, err := judged(d, mainOf(d), err)
			if err != nil {
				t.Errorf("%s as a %s: %v", f.Name, form, err)
				continue
			}
			v := e.Check(r, expect.Facts{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
			if v.Result != want {
				t.Errorf("%s as a %s is %s, want %s: %s", f.Name, form, v.Result, want, v.Why)
			}
			if seen[string(r.Type)] == nil {
				seen[string(r.Type)] = map[string]bool{}
			}
			seen[string(r.Type)][string(want)] = true
			compared++
		}
	}
	full := 0
	for _, both := range seen {
		if both["pass"] && both["fail"] {
			full++
		}
	}
	t.Logf("%d states of %d types compared in two forms of the provider aws", compared/2, full)
	if full < leastTypes {
		t.Errorf("%d types with both verdicts, want %d at least", full, leastTypes)
	}
}

func mainOf(d design.Document) string {
	for _, r := range d.Resources {
		if strings.HasSuffix(r.Name, ".main") {
			return r.Name
		}
	}
	return ""
}

func folder(text []byte) (design.Document, error) {
	return hcl.Read(fstest.MapFS{"main.tf.json": {Data: text}}, ".", hcl.Options{Account: "111122223333", Region: "eu-west-1"})
}

// planOf makes of a text the plan that Terraform would make of it: what names another resource is known after apply.
func planOf(text []byte) (design.Document, error) {
	var in struct {
		Resource map[string]map[string]map[string]any `json:"resource"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return design.Document{}, err
	}
	var changes, said []any
	for kind, all := range in.Resource {
		for name, has := range all {
			after, unknown, expressions := map[string]any{}, map[string]any{}, map[string]any{}
			for key, v := range has {
				if s, ok := v.(string); ok && strings.HasPrefix(s, "${") {
					ref := strings.TrimSuffix(strings.TrimPrefix(s, "${"), "}")
					unknown[key] = true
					expressions[key] = map[string]any{"references": []any{ref, strings.TrimSuffix(ref, path.Ext(ref))}}
					continue
				}
				after[key] = v
				expressions[key] = map[string]any{"constant_value": v}
			}
			at := map[string]any{"address": kind + "." + name, "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/aws"}
			change, text := clone(at), clone(at)
			change["change"] = map[string]any{"actions": []any{"create"}, "after": after, "after_unknown": unknown}
			text["provider_config_key"], text["expressions"] = "aws", expressions
			changes, said = append(changes, change), append(said, text)
		}
	}
	out, err := json.Marshal(map[string]any{
		"format_version": "1.2", "terraform_version": "1.15.6", "resource_changes": changes,
		"configuration": map[string]any{
			"provider_config": map[string]any{"aws": map[string]any{"name": "aws", "expressions": map[string]any{"region": map[string]any{"constant_value": "eu-west-1"}}}},
			"root_module":     map[string]any{"resources": said},
		},
	})
	if err != nil {
		return design.Document{}, err
	}
	return terraform.Read("plan.json", out)
}
