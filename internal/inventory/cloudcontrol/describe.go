package cloudcontrol

import (
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// notBack is the cause of what the schema calls write-only.
const notBack = "AWS never gives it back"

// describe makes a resource of the properties that Cloud Control gave, a JSON object as text.
func describe(ref resource.Ref, text string) (resource.Resource, error) {
	res := resource.Resource{Ref: ref, Related: map[string]any{}, Tags: map[string]string{}}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var properties map[string]any
	if err := d.Decode(&properties); err != nil {
		return res, fault.Wrap(fault.Unavailable, err, "read %s: its properties are no JSON object", ref)
	}
	if properties == nil {
		return res, fault.New(fault.Unavailable, "read %s: the API answered without properties", ref)
	}
	res.Properties, _ = plainValue(properties).(map[string]any)
	t, ok := schema.Of(ref.Type)
	if !ok {
		return res, fault.New(fault.Internal, "there is no resource type %s", ref.Type)
	}
	unpack(t, res.Properties)
	res.ARN = arn(ref.Type, res.Properties)
	res.Tags = tags(res.Properties[t.Tags])
	for _, path := range schema.Withheld(t, res.Properties) {
		res.Unknown = append(res.Unknown, resource.Unknown{Path: path, Cause: notBack})
	}
	inventory.Unrelated(&res)
	return res, nil
}

// plainValue makes numbers what the readers make of them: int64 where they are whole, float64 otherwise.
func plainValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plainValue(e)
		}
	case []any:
		for i, e := range v {
			v[i] = plainValue(e)
		}
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		f, _ := v.Float64() // what is too large for it becomes infinite, which no expectation takes for small
		return f
	}
	return v
}

// unpack makes objects of the documents that some handlers give as text. Which members are documents the schema says.
func unpack(t *schema.Type, properties map[string]any) {
	for name, v := range properties {
		m, ok := t.Member(name)
		text, isText := v.(string)
		if !ok || !isText || !document(m.Value) {
			continue
		}
		var object map[string]any
		if json.Unmarshal([]byte(text), &object) == nil && object != nil {
			properties[name] = object
		}
	}
}

func document(v *schema.Value) bool {
	return v.Kind == schema.JSON || (v.Kind == schema.OneOf && slices.ContainsFunc(v.Among, document))
}

// arn is the resource's own, where its properties say it: Arn, ARN, or the type's name with Arn behind it.
func arn(t resource.Type, properties map[string]any) string {
	last := string(t[strings.LastIndexByte(string(t), ':')+1:])
	for _, name := range []string{"Arn", "ARN", last + "Arn"} {
		if s, ok := properties[name].(string); ok && strings.HasPrefix(s, "arn:") {
			return s
		}
	}
	return ""
}

// tags are a list of keys and values, or an object of them.
func tags(v any) map[string]string {
	out := map[string]string{}
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			out[key], _ = value.(string)
		}
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				if key, ok := m["Key"].(string); ok {
					out[key], _ = m["Value"].(string)
				}
			}
		}
	}
	return out
}
