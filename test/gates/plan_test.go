package gates

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"sync"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// legacy are the types that AWS Config records as their API answers.
var legacy = sync.OnceValue(func() map[resource.Type]bool {
	data, err := os.ReadFile("../../internal/design/configitem/tables/legacy.txt")
	if err != nil {
		panic(err)
	}
	out := map[resource.Type]bool{}
	for line := range strings.Lines(string(data)) {
		switch f := strings.Fields(line); {
		case len(f) > 1 && (f[0] == "type" || f[0] == "alias"):
			out[resource.Type(f[1])] = true
		}
	}
	return out
})

// planned is a plan that is being written.
type planned struct {
	names   map[string]string // address by name
	changes []any
	said    []any
}

var (
	wordEnd  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	capsEnd  = regexp.MustCompile(`([A-Z]+)([A-Z][a-z])`)
	reserved = map[string]bool{"id": true, "count": true, "provider": true, "connection": true, "depends_on": true, "for_each": true, "lifecycle": true}
)

func snake(name string) string {
	return strings.ToLower(wordEnd.ReplaceAllString(capsEnd.ReplaceAllString(name, "${1}_$2"), "${1}_$2"))
}

// add writes a resource; those that it names come later, so that their addresses follow from their types alone.
func (w *planned) add(t *thing) string {
	parts := strings.Split(string(t.kind.Name), "::")
	kind := "awscc_" + strings.ToLower(parts[1]) + "_" + snake(parts[2])
	if w.names == nil {
		w.names = map[string]string{}
	}
	w.names[t.name] = kind + "." + strings.ToLower(t.name)
	after, unknown, said := map[string]any{}, map[string]any{}, map[string]any{}
	for name, v := range t.has {
		m, ok := t.kind.Member(name)
		if !ok {
			return "the schema has no such property"
		}
		key := snake(name)
		if reserved[key] {
			key = snake(parts[2]) + "_" + key
		}
		if h, ok := v.(hidden); ok && h.sealed() {
			return "a plan has no variable that nobody sees but by its mark"
		}
		if to, ok := lone(v); ok {
			unknown[key] = true
			said[key] = map[string]any{"references": []any{to}}
			continue
		}
		if holds[reference](v) || holds[hidden](v) {
			return "a plan says where a value comes from for whole attributes alone"
		}
		out, why := spelt(m.Value, v)
		if why != "" {
			return why
		}
		after[key] = out
	}
	w.changes = append(w.changes, map[string]any{
		"address": w.names[t.name], "mode": "managed", "type": kind, "name": strings.ToLower(t.name), "provider_name": "registry.terraform.io/hashicorp/awscc",
		"change": map[string]any{"actions": []any{"create"}, "after": after, "after_unknown": unknown},
	})
	w.said = append(w.said, map[string]any{
		"address": w.names[t.name], "mode": "managed", "type": kind, "name": strings.ToLower(t.name), "provider_config_key": "awscc", "expressions": said,
	})
	return ""
}

// lone is the name of the one thing that a value is, or of the variable that nobody knows.
func lone(v any) (string, bool) {
	switch v := v.(type) {
	case reference:
		return "\x00" + v.to, true
	case hidden:
		if v.named() {
			return "awscc_sns_topic.beside.topic_arn", true
		}
		return "var.unknown", true
	case []any:
		if len(v) == 1 {
			if r, ok := v[0].(reference); ok {
				return "\x00" + r.to, true
			}
		}
	}
	return "", false
}

func (w *planned) text(region string) ([]byte, error) {
	w.changes = append(w.changes, map[string]any{
		"address": "awscc_sns_topic.beside", "mode": "managed", "type": "awscc_sns_topic", "name": "beside", "provider_name": "registry.terraform.io/hashicorp/awscc",
		"change": map[string]any{"actions": []any{"create"}, "after": map[string]any{}, "after_unknown": map[string]any{"topic_arn": true}},
	})
	for _, s := range w.said {
		for _, e := range s.(map[string]any)["expressions"].(map[string]any) {
			refs := e.(map[string]any)["references"].([]any)
			if name, ok := strings.CutPrefix(refs[0].(string), "\x00"); ok {
				e.(map[string]any)["references"] = []any{w.names[name] + ".id", w.names[name]}
			}
		}
	}
	return json.Marshal(map[string]any{
		"format_version": "1.2", "terraform_version": "1.15.6", "resource_changes": w.changes,
		"configuration": map[string]any{
			"provider_config": map[string]any{"awscc": map[string]any{"name": "awscc", "expressions": map[string]any{"region": map[string]any{"constant_value": region}}}},
			"root_module":     map[string]any{"resources": w.said},
		},
	})
}

// spelt is a value as awscc has it: members in small letters, documents as texts of JSON.
func spelt(want *schema.Value, v any) (out any, why string) {
	if v == nil {
		return nil, ""
	}
	switch want.Kind {
	case schema.JSON:
		if text, ok := v.(string); ok {
			return text, ""
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err.Error()
		}
		return string(text), ""
	case schema.List:
		list, ok := v.([]any)
		if !ok {
			return nil, "the state does not have the shape of the schema"
		}
		made := make([]any, len(list))
		for i, e := range list {
			if made[i], why = spelt(want.Of, e); why != "" {
				return nil, why
			}
		}
		return made, ""
	case schema.Object, schema.Tag:
		return speltObject(want, v)
	case schema.OneOf:
		for _, one := range want.Among {
			if out, why = spelt(one, v); why == "" {
				return out, ""
			}
		}
		return nil, why
	case schema.Map:
		return v, ""
	case schema.Text, schema.Integer, schema.Number, schema.Bool, schema.Time:
	}
	switch v.(type) {
	case map[string]any, []any:
		return nil, "the state does not have the shape of the schema"
	}
	return v, ""
}

func speltObject(want *schema.Value, v any) (any, string) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, "the state does not have the shape of the schema"
	}
	made := map[string]any{}
	for name, e := range m {
		if want.Kind == schema.Tag {
			made[snake(name)] = e
			continue
		}
		in, ok := want.Shape.Member(name)
		if !ok {
			return nil, "the schema has no such property"
		}
		out, why := spelt(in.Value, e)
		if why != "" {
			return nil, why
		}
		made[snake(name)] = out
	}
	return made, ""
}
