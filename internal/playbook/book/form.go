package book

import (
	"reflect"
	"strings"
	"time"

	"jobzero/internal/doc"
)

// Field is one key of the language.
type Field struct {
	Key  string
	Name string // of the field in Go
	Type reflect.Type
}

// Fields lists the keys that a struct of the language is written with, in the order of its declaration.
func Fields(t reflect.Type) (out []Field) {
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("yaml")
		if !f.IsExported() || key == "" || key == "-" {
			continue
		}
		out = append(out, Field{key, f.Name, f.Type})
	}
	return out
}

// misfits names each key that there is not and each value of another form than its key wants. It is asked when a document could not be
// read, as the reader stops at the first.
func misfits(root *doc.Node) []error { return misfit(root, reflect.TypeFor[Definition](), nil) }

func misfit(n *doc.Node, t reflect.Type, bad []error) []error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == doc.Null {
		return bad
	}
	want := kindOf(t)
	if (want == doc.List || want == doc.Map || n.Kind == doc.List || n.Kind == doc.Map) && n.Kind != want {
		return append(bad, n.Errorf("this is %s: want %s", n.Kind, want))
	}
	switch t.Kind() {
	case reflect.Struct:
		return misfitKeys(n, t, bad)
	case reflect.Slice:
		for _, item := range n.Items {
			bad = misfit(item, t.Elem(), bad)
		}
	case reflect.Map:
		for _, p := range n.Pairs {
			bad = misfit(p.Value, t.Elem(), bad)
		}
	case reflect.Bool, reflect.Int:
		if n.Kind != want {
			return append(bad, n.Errorf("%q is %s: want %s", n.Text, n.Kind, want))
		}
	default:
		if t == reflect.TypeFor[time.Duration]() {
			if _, err := time.ParseDuration(n.Text); err != nil {
				return append(bad, n.Errorf("%q is no duration: want one such as 10m or 4h", n.Text))
			}
		}
	}
	return bad
}

func misfitKeys(n *doc.Node, t reflect.Type, bad []error) []error {
	fields := Fields(t)
	for _, p := range n.Pairs {
		known := false
		for _, f := range fields {
			if f.Key == p.Key.Text {
				known = true
				bad = misfit(p.Value, f.Type, bad)
			}
		}
		if !known {
			bad = append(bad, p.Key.Errorf("there is no key %q here: %s", p.Key.Text, nearest(p.Key.Text, fields)))
		}
	}
	return bad
}

// nearest says which key may be meant, or which there are.
func nearest(key string, fields []Field) string {
	var all []string
	best, far := "", len(key)/2+1
	for _, f := range fields {
		all = append(all, f.Key)
		if d := doc.Distance(key, f.Key); d < far {
			best, far = f.Key, d
		}
	}
	if best != "" {
		return "is it " + best + "?"
	}
	return "there are " + strings.Join(all, ", ")
}

// kindOf is the form of a value in a document.
func kindOf(t reflect.Type) doc.Kind {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return doc.Map
	case reflect.Slice:
		return doc.List
	case reflect.Bool:
		return doc.Bool
	case reflect.Int:
		return doc.Number
	default:
		return doc.String
	}
}
