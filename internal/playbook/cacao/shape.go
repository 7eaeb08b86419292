package cacao

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"jobzero/internal/doc"
)

// Remark says of a place in a playbook what a person should know of it. It is no error.
type Remark struct {
	Path string `json:"path"` // such as workflow.action--….commands[0]
	Text string `json:"text"`
}

// String is the place and what is said of it.
func (r Remark) String() string {
	if r.Path == "" {
		return r.Text
	}
	return r.Path + ": " + r.Text
}

// shaping fills structs from a document, by the rules behind their fields.
type shaping struct {
	bad     []error
	remarks []Remark
}

const mostErrors = 20 // of one file; who mends them sees the others then

func (s *shaping) wrong(n *doc.Node, path, format string, args ...any) {
	if path == "" {
		path = "the playbook"
	}
	if len(s.bad) < mostErrors {
		s.bad = append(s.bad, n.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
	}
}

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// object fills a struct.
func (s *shaping) object(n *doc.Node, v reflect.Value, path string) {
	if n.Kind != doc.Map {
		s.wrong(n, path, "want an object, not %s", n.Kind)
		return
	}
	known := map[string]int{}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		known[name] = i
	}
	for _, p := range n.Pairs {
		i, ok := known[p.Key.Text]
		if !ok {
			s.remarks = append(s.remarks, Remark{below(path, p.Key.Text), "is no property of CACAO 2.0: it is kept, and nobody looks at it"})
			continue
		}
		s.value(p.Value, v.Field(i), below(path, p.Key.Text), ruleOf(v.Type().Field(i).Tag.Get("is")))
	}
	s.complete(n, v.Type(), path)
}

// complete looks for what lacks in an object.
func (s *shaping) complete(n *doc.Node, t reflect.Type, path string) {
	kind, keys, keyed := "", 0, 0
	if k := n.Get("type"); k != nil {
		kind = k.Text
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		r := ruleOf(t.Field(i).Tag.Get("is"))
		there := n.Get(name) != nil
		if !there && r.needed(kind) {
			s.wrong(n, below(path, name), "is missing: CACAO 2.0 needs it here")
		}
		if r.says("keyed") {
			keyed++
			if there {
				keys++
			}
		}
	}
	if keyed > 0 && keys != 1 {
		s.wrong(n, path, "want exactly one of public_key, public_cert_chain, cert_url and thumbprint, not %d", keys)
	}
}

// value fills a field.
func (s *shaping) value(n *doc.Node, v reflect.Value, path string, r rule) {
	if n.Kind == doc.Null && r.says("nullable") {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.value(n, v.Elem(), path, r)
	case reflect.Struct:
		if n.Kind == doc.String && r.says("title") {
			v.FieldByName("Name").SetString(n.Text)
			return
		}
		s.object(n, v, path)
	case reflect.Map:
		s.table(n, v, path, r)
	case reflect.Slice:
		s.list(n, v, path, r)
	case reflect.String:
		if n.Kind != doc.String {
			s.wrong(n, path, "want a text, not %s", n.Kind)
			return
		}
		v.SetString(n.Text)
		s.text(n, path, r)
	case reflect.Bool:
		if n.Kind != doc.Bool {
			s.wrong(n, path, "want true or false, not %s", n.Kind)
			return
		}
		v.SetBool(n.Text == "true")
	case reflect.Int64:
		s.number(n, v, path, r)
	default: // any
		if n.Kind != doc.Null {
			v.Set(reflect.ValueOf(free(n)))
		}
	}
}

func (s *shaping) list(n *doc.Node, v reflect.Value, path string, r rule) {
	least := 0
	switch {
	case n.Kind != doc.List:
		s.wrong(n, path, "want a list, not %s", n.Kind)
		return
	case r.says("pair"):
		least = 2
	case r.says("filled"):
		least = 1
	}
	if len(n.Items) < least {
		s.wrong(n, path, "want %d values at least, not %d", least, len(n.Items))
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		s.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i), r)
	}
}

func (s *shaping) table(n *doc.Node, v reflect.Value, path string, r rule) {
	if n.Kind != doc.Map {
		s.wrong(n, path, "want an object with a value for each key, not %s", n.Kind)
		return
	}
	if r.says("filled") && len(n.Pairs) == 0 {
		s.wrong(n, path, "is empty: leave it out")
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, p := range n.Pairs {
		at := below(path, p.Key.Text)
		if !s.key(p, at, r.keys) {
			continue
		}
		one := reflect.New(v.Type().Elem()).Elem()
		s.value(p.Value, one, at, rule{words: slices.DeleteFunc(slices.Clone(r.words), func(w string) bool { return w == "filled" || w == "required" })})
		if r.keys == "address" {
			s.addresses(p.Key.Text, p.Value, at)
		}
		v.SetMapIndex(reflect.ValueOf(p.Key.Text), one)
	}
}
