package gates

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"jobzero/internal/design"
	"jobzero/internal/design/cfn"
	"jobzero/internal/design/configitem"
	"jobzero/internal/design/hook"
	"jobzero/internal/design/relate"
	"jobzero/internal/design/terraform"
	"jobzero/internal/expect"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// encoding is a form that a state can be written in.
type encoding struct {
	name string
	gate expect.Gate
	// lone is set where the form has one resource and nothing of what is related to it.
	lone bool
	// homeless is set where the form does not say the account.
	homeless bool
	// read writes the state and reads it again. why says why the form cannot say it.
	read func(s state) (r resource.Resource, why string, err error)
}

func encodings() []encoding {
	return []encoding{
		{"live", expect.Live, false, false, live},
		{"template in YAML", expect.Design, false, false, template(yaml.Marshal, "t.yaml")},
		{"template in JSON", expect.Design, false, false, template(json.Marshal, "t.json")},
		{"call of a hook", expect.Provision, true, false, call},
		{"plan of awscc", expect.Design, false, true, plan},
		{"item of AWS Config", expect.Live, true, false, item},
	}
}

// live is what the readers give: without what AWS never gives back, which is unknown, and by way of JSON, as it is stored.
func live(s state) (r resource.Resource, why string, err error) {
	r = s.is
	r.Properties = clone(s.is.Properties)
	r.Unknown = slices.Clone(s.is.Unknown)
	for _, path := range schema.WriteOnly(r.Type) {
		cut(r.Properties, strings.Split(path, "."))
	}
	if typ, ok := schema.Of(r.Type); ok {
		for _, path := range typ.NeverGivenBack(r.Properties) {
			r.Unknown = append(r.Unknown, resource.Unknown{Path: path, Cause: "AWS never gives it back"})
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		return r, "", err
	}
	var out resource.Resource
	return out, "", json.Unmarshal(data, &out)
}

// cut takes away what lies at a path, and reports whether there was something.
func cut(in any, path []string) bool {
	switch v := in.(type) {
	case []any:
		found := false
		for _, e := range v {
			found = path[0] == "*" && len(path) > 1 && cut(e, path[1:]) || found
		}
		return found
	case map[string]any:
		if len(path) == 1 {
			_, ok := v[path[0]]
			delete(v, path[0])
			return ok
		}
		return cut(v[path[0]], path[1:])
	}
	return false
}

// template writes a template of CloudFormation; what nobody knows is a parameter without a value.
func template(write func(any) ([]byte, error), file string) func(state) (resource.Resource, string, error) {
	return func(s state) (resource.Resource, string, error) {
		things, why := world(s)
		if why != "" {
			return resource.Resource{}, why, nil
		}
		all := map[string]any{}
		text := map[string]any{"AWSTemplateFormatVersion": "2010-09-09", "Resources": all, "Parameters": map[string]any{
			"Unknown": map[string]any{"Type": "String"}, "Sealed": map[string]any{"Type": "String", "NoEcho": true},
		}}
		all["Beside"] = map[string]any{"Type": "AWS::SNS::Topic"}
		for _, t := range things {
			all[t.name] = map[string]any{"Type": string(t.kind.Name), "Properties": replaced(t.has, func(v any) any {
				switch v := v.(type) {
				case reference:
					return map[string]any{"Ref": v.to}
				case hidden:
					if v.named() {
						return map[string]any{"Fn::GetAtt": []any{"Beside", "TopicArn"}}
					}
					if v.sealed() {
						return map[string]any{"Ref": "Sealed"}
					}
				}
				return map[string]any{"Ref": "Unknown"}
			})}
		}
		data, err := write(text)
		if err != nil {
			return resource.Resource{}, "", err
		}
		d, err := cfn.Read(file, data, cfn.Options{Account: s.is.Account, Region: s.is.Region})
		return judged(d, first, err)
	}
}

// replaced writes references, and what is hidden, in the words of a form.
func replaced(v any, as func(v any) any) any {
	switch v := v.(type) {
	case reference, hidden:
		return as(v)
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = replaced(e, as)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = replaced(e, as)
		}
		return out
	}
	return v
}

// judged is the resource of a name as a document has it, with all that it is told.
func judged(d design.Document, name string, err error) (resource.Resource, string, error) {
	if err != nil {
		return resource.Resource{}, "", err
	}
	relate.Document(&d)
	for _, r := range d.Resources {
		if r.Name == name {
			return r.Resource, "", nil
		}
	}
	return resource.Resource{}, "", errNone
}

type gone struct{}

func (gone) Error() string { return "the loader does not give the resource" }

var errNone = gone{}

// call writes the call of a hook. It names what is related by made-up identifiers.
func call(s state) (resource.Resource, string, error) {
	things, why := world(s)
	switch {
	case why != "":
		return resource.Resource{}, why, nil
	case holds[hidden](things[0].has):
		return resource.Resource{}, "a call has every value", nil
	}
	data, err := json.Marshal(map[string]any{
		"awsAccountId": s.is.Account, "region": s.is.Region, "actionInvocationPoint": "CREATE_PRE_PROVISION",
		"requestData": map[string]any{
			"targetName": string(s.is.Type), "targetType": "RESOURCE", "targetLogicalId": first,
			"targetModel": map[string]any{"resourceProperties": replaced(things[0].has, func(v any) any { return "id-of-" + v.(reference).to })},
		},
	})
	if err != nil {
		return resource.Resource{}, "", err
	}
	d, err := hook.Read("call.json", data, nil)
	return judged(d, first, err)
}

// item writes an item of AWS Config, for types that it records in CloudFormation's own schema.
func item(s state) (resource.Resource, string, error) {
	switch {
	case legacy()[s.is.Type] || strings.HasPrefix(string(s.is.Type), "jobzero::"):
		return resource.Resource{}, "AWS Config records the type in another shape", nil
	case s.is.Gone:
		return resource.Resource{}, "what is gone is in no text", nil
	case len(s.is.Unknown) > 0:
		return resource.Resource{}, "an item has every value", nil
	}
	has := clone(s.is.Properties)
	if why := mention(has, s.is); why != "" {
		return resource.Resource{}, why, nil
	}
	for _, path := range schema.WriteOnly(s.is.Type) {
		cut(has, strings.Split(path, "."))
	}
	tags := map[string]string{}
	maps.Copy(tags, s.is.Tags)
	if typ, ok := schema.Of(s.is.Type); ok && typ.Tags != "" {
		for _, t := range asList(has[typ.Tags]) {
			k, _ := asMap(t)["Key"].(string)
			v, _ := asMap(t)["Value"].(string)
			tags[k] = v
		}
	}
	data, err := json.Marshal(map[string]any{"configurationItem": map[string]any{
		"resourceType": string(s.is.Type), "resourceId": s.is.ID, "resourceName": first, "awsAccountId": s.is.Account, "awsRegion": s.is.Region,
		"ARN": s.is.ARN, "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-06-01T00:00:00Z", "configuration": has, "tags": tags,
	}})
	if err != nil {
		return resource.Resource{}, "", err
	}
	d, err := configitem.Read("item.json", data)
	return judged(d, first, err)
}

// mention writes the names of what a resource names, where it has something related at the end of such a way: an item has no more of
// that than the name.
func mention(has map[string]any, is resource.Resource) (why string) {
	typ, ok := schema.Of(is.Type)
	for name, v := range is.Related {
		r, _, _ := relation.Named(is.Type, name)
		if len(r.Ways) > 0 && r.Ways[0].Hops[0].Each && !slices.Equal(writtenIn(v), textsAt(has, strings.Split(r.Ways[0].Hops[0].Path, "."))) {
			return "an item has " + name + " as they are written out, and nothing else"
		}
		switch {
		case r.Extra:
			return "an item does not have " + name
		case !ok || v == nil || len(r.Ways) == 0 || r.Ways[0].Hops[0].Back || r.Ways[0].Hops[0].Each:
			continue
		}
		names := strings.Split(r.Ways[0].Hops[0].Path, ".")
		steps := make([]schema.Step, len(names))
		for i, n := range names {
			steps[i] = schema.Step{Name: n}
		}
		if m, wrong, _ := typ.At(steps); wrong == len(steps) && m.Kind == schema.Text && len(textsAt(has, names)) == 0 {
			put(has, names, "one-that-the-item-does-not-have")
		}
	}
	return ""
}

// writtenIn are the texts that are written out among the values of a relation.
func writtenIn(v any) (out []string) {
	for _, e := range asList(v) {
		text, _ := asMap(e)[relation.Written].(string)
		out = append(out, text)
	}
	return out
}

// textsAt are the texts at a path of names; elements of lists are passed through.
func textsAt(v any, path []string) (out []string) {
	switch v := v.(type) {
	case string:
		if len(path) == 0 {
			out = append(out, v)
		}
	case []any:
		for _, e := range v {
			out = append(out, textsAt(e, path)...)
		}
	case map[string]any:
		if len(path) > 0 {
			out = textsAt(v[path[0]], path[1:])
		}
	}
	return out
}

// plan writes a plan of the provider awscc.
func plan(s state) (resource.Resource, string, error) {
	things, why := world(s)
	if why != "" {
		return resource.Resource{}, why, nil
	}
	w := &planned{}
	for _, t := range things {
		if why := w.add(t); why != "" {
			return resource.Resource{}, why, nil
		}
	}
	data, err := w.text(s.is.Region)
	if err != nil {
		return resource.Resource{}, "", err
	}
	d, err := terraform.Read("plan.json", data)
	return judged(d, w.names[first], err)
}
