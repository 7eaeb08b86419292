package rawjson

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// rebuilt decodes a checked value by the iterator alone.
func rebuilt(v Value) any {
	switch v.Kind() {
	case "object":
		m := map[string]any{}
		for it := Over(v); it.Next(); {
			m[string(it.Name)] = rebuilt(it.Value)
		}
		return m
	case "array":
		list := []any{}
		for it := Over(v); it.Next(); {
			list = append(list, rebuilt(it.Value))
		}
		return list
	default:
		var x any
		_ = json.Unmarshal(v, &x)
		return x
	}
}

// FuzzOver: what the iterator finds in a checked object is what encoding/json decodes, and compacting changes nothing of it.
func FuzzOver(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e3,"\u0041",null,true,{}],"b":{"c":[[],[{"d":false}]]}}`, ` { "a" : [ 1 , 2 ] , "b\"" : "x\\" } `, `{"a":{},"a":[]}`, `{"é":"\/\u2028"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if Object(in, nil) != nil || !utf8.Valid(in) {
			return
		}
		var want any
		if json.Unmarshal(in, &want) != nil {
			return // a number that no float holds
		}
		v := Value(bytes.TrimSpace(in))
		if d := cmp.Diff(want, rebuilt(v)); d != "" {
			t.Fatalf("%q (-want +got):\n%s", in, d)
		}
		compact := Compact(nil, v)
		var again any
		if err := json.Unmarshal(compact, &again); err != nil {
			t.Fatalf("%q became %q: %v", in, compact, err)
		}
		if d := cmp.Diff(want, again); d != "" {
			t.Fatalf("%q became %q (-want +got):\n%s", in, compact, d)
		}
		if len(compact) > 0 && bytes.ContainsAny(compact, "\n\t\r") {
			t.Fatalf("white space is left in %q", compact)
		}
	})
}
