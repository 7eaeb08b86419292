package book

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

// object is a JSON object of the schema.
type object = map[string]any

// Schema writes the language as a JSON schema, draft 2020-12: https://json-schema.org/draft/2020-12. Actions are the IDs that an editor
// offers; others are no error of form.
func Schema(actions []string) ([]byte, error) {
	all, err := Language()
	if err != nil {
		return nil, err
	}
	defs := object{}
	for _, t := range all {
		defs[t.Name] = schemaOf(t, actions)
	}
	text, err := json.MarshalIndent(object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"$id":         "https://jobzero.example.com/playbook.schema.json",
		"title":       "jobzero playbook",
		"$ref":        "#/$defs/Definition",
		"$defs":       defs,
		"description": "A playbook of jobzero. `jobzero playbook check` says the rest: whether what is named is there.",
	}, "", "  ")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write the schema of playbooks")
	}
	return append(text, '\n'), nil
}

func schemaOf(t Type, actions []string) object {
	properties := object{}
	for _, f := range t.Fields {
		one := valueOf(f.Type)
		for key, v := range limits(t.Name, f.Key, actions) {
			one[key] = v
		}
		if f.Doc != "" {
			one["description"] = strings.ReplaceAll(f.Doc, "\n", " ")
		}
		properties[f.Key] = one
	}
	out := object{"type": "object", "description": t.Doc, "properties": properties, "additionalProperties": false}
	for key, v := range shape(t.Name) {
		out[key] = v
	}
	return out
}

// valueOf is the schema of a type of Go. A text may be written without quotation marks where YAML takes it for a number or for true.
func valueOf(t reflect.Type) object {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[time.Duration]() {
		return object{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`}
	}
	switch t.Kind() {
	case reflect.Struct:
		return object{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		return object{"type": "array", "items": valueOf(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": valueOf(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	default:
		return object{"type": []string{"string", "number", "boolean"}}
	}
}

// limits are what a value may be besides its type.
func limits(owner, key string, actions []string) object {
	identity := object{"type": "string", "pattern": idForm.String()}
	failure := object{"enum": []Failure{Next, Stop, Undo}}
	switch owner + "." + key {
	case "Definition.id", "Step.id", "Step.playbook":
		return identity
	case "Definition.title", "Definition.why":
		return object{"minLength": 1}
	case "Definition.steps", "Step.decide", "Step.parallel":
		return object{"minItems": 1}
	case "Definition.on_failure", "Step.on_failure":
		return failure
	case "Trigger.schedule":
		return object{"type": "string", "pattern": `^(@[a-z]+( .+)?|\S+ \S+ \S+ \S+ \S+)$`}
	case "Trigger.tickets":
		return object{"items": object{"enum": ticket.States()}}
	case "Guard.else":
		return object{"enum": []Else{ElsePlan, ElseWait, ElsePerson}}
	case "Step.gather":
		return object{"items": object{"enum": Gatherers}}
	case "Step.action":
		return object{"type": "string", "anyOf": []any{object{"enum": actions}, object{"minLength": 1}}}
	case "Approval.persons":
		return object{"minimum": 0, "maximum": 9}
	case "Approval.expired":
		return object{"enum": []Expired{Denied, Escalated}}
	case "Retry.times":
		return object{"minimum": 1}
	}
	return nil
}

// shape says of a struct which keys go together.
func shape(name string) object {
	need := func(keys ...string) object { return object{"required": keys} }
	some := func(key string, limit object) object {
		return object{"required": []string{key}, "properties": object{key: limit}}
	}
	listed := object{"minItems": 1}
	switch name {
	case "Definition":
		out := need("id", "title", "why", "when", "steps")
		out["not"] = need("settled", "settled_by")
		out["if"] = object{"properties": object{"when": some("rules", listed)}, "required": []string{"when"}}
		out["then"] = object{"anyOf": []any{need("settled"), need("settled_by")}}
		return out
	case "Trigger":
		return object{"anyOf": []any{
			some("expectations", listed), some("rules", listed), some("leavers", listed), some("tickets", listed), need("schedule"),
			some("hand", object{"const": true}), some("reused", object{"const": true}),
		}}
	case "Step":
		var kinds []any
		for _, k := range Kinds() {
			kinds = append(kinds, need(string(k)))
		}
		out, of := need("id"), object{}
		for _, key := range []string{"on", "params", "with", "always", "approve"} {
			of[key] = []string{string(Action)}
		}
		out["oneOf"], out["dependentRequired"] = kinds, of
		return out
	case "Wait":
		return object{"anyOf": []any{need("for"), need("until")}}
	}
	if keys := needed[name]; keys != nil {
		return need(keys...)
	}
	return nil
}

// needed are the keys without which a struct says nothing.
var needed = map[string][]string{
	"Guard": {"if"}, "On": {"type", "id"}, "Manual": {"do"}, "Notify": {"to", "say"}, "Webhook": {"name"}, "Lambda": {"function"}, "Document": {"name"}, "Retry": {"times"},
}
