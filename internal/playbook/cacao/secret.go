package cacao

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// object is JSON of any shape. What we read in structs is written from these where it came from others, so that nothing is lost.
type object = map[string]any

func parse(text []byte) (object, error) {
	var out object
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // a number stays as it was written
	if err := d.Decode(&out); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read a playbook of CACAO")
	}
	return out, nil
}

func format(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a playbook of CACAO")
	}
	return b.Bytes(), nil
}

// same reports whether two texts say the same in JSON.
func same(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// telling are headers whose values let somebody in.
var telling = []string{"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"}

// withoutSecrets is a playbook without passwords, tokens and what headers let in with: a playbook is kept, pinned by each run and shown. A
// variable in their place stays.
func withoutSecrets(text []byte) ([]byte, []Remark, error) {
	doc, err := parse(text)
	if err != nil {
		return nil, nil, err
	}
	var hidden []Remark
	hide := func(in object, key, path string) {
		if v, ok := in[key].(string); ok && v != "" && !variableUse.MatchString(v) {
			in[key] = ""
			hidden = append(hidden, Remark{path + "." + key, "is a secret and is left out: put a variable in its place, such as __password__:value"})
		}
	}
	logins := child(doc, "authentication_info_definitions")
	for _, id := range slices.Sorted(maps.Keys(logins)) {
		for _, key := range []string{"password", "token"} {
			hide(child(logins, id), key, "authentication_info_definitions."+id)
		}
	}
	workflow := child(doc, "workflow")
	for _, id := range slices.Sorted(maps.Keys(workflow)) {
		commands, _ := child(workflow, id)["commands"].([]any)
		for _, c := range commands {
			one, _ := c.(object)
			headers := child(one, "headers")
			for _, name := range slices.Sorted(maps.Keys(headers)) {
				values, _ := headers[name].([]any)
				for i, v := range values {
					if slices.Contains(telling, strings.ToLower(name)) {
						wrapped := object{name: v}
						hide(wrapped, name, "workflow."+id+".commands.headers")
						values[i] = wrapped[name]
					}
				}
			}
		}
	}
	clean, err := format(doc)
	return clean, hidden, err
}

// child is the object below a key; empty where there is none.
func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}
