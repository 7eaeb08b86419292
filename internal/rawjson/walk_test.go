package rawjson

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestObjectRefuses(t *testing.T) {
	for in, want := range map[string]string{
		``: "want an object at byte 0", `[]`: "want an object", `{"a":1} x`: "something follows the value at byte 8", `{"a":01}`: "want a comma",
		`{a:1}`: "want a member's name", `{"a" 1}`: "want a colon at byte 5", `{"a":}`: "want a value at byte 5", `{"a":1,}`: "want a member's name",
		`{"a":tru}`: "want true", `{"a":"\x"}`: "wrong escape", "{\"a\":\"\n\"}": "control character", `{"a":"`: "ends inside a string",
		`{"a":-}`: "want a digit", `{"a":1.}`: "after the point", `{"a":1e}`: "in the exponent", `{"a":[1 2]}`: "want a comma or a closing bracket",
		"{\"a\":\"\xff\"}": "invalid UTF-8 at byte 6", `{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`: "nested deeper than 200 levels",
		`{"a":1`: "want a comma or a closing brace", `{"a":[`: "ends where a value is wanted", `{"\u12":1}`: "wrong escape",
	} {
		err := Object([]byte(in), nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", in, err, want)
		}
	}
}

func TestObjectVisits(t *testing.T) {
	var got []string
	err := Object([]byte(` { "a\u0062" : "x\ny" , "c":[1,{"d":null}],"e":-1.5e+3,"f":true} `), func(k []byte, v Value) error {
		text, _ := v.Text()
		got = append(got, string(k)+"="+v.Kind()+" "+text)
		return nil
	})
	if want := "ab=string x\ny|c=array |e=number |f=boolean "; err != nil || strings.Join(got, "|") != want {
		t.Errorf("%v: %q", err, strings.Join(got, "|"))
	}
}

// FuzzObject: the walker accepts what encoding/json accepts as an object in valid UTF-8, up to the depth it allows.
func FuzzObject(f *testing.F) {
	for _, s := range []string{`{"a":[1,-0.5e3,"\u0041",null,true,{}]}`, `{"a":1}x`, `{"a":"\ud800"}`, `[[[`, `{"":0}`, `{"a":1E5,"b":00}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		members := 0
		err := Object(in, func(k []byte, v Value) error {
			members++
			if !json.Valid(v) {
				t.Errorf("member %q is not valid: %q", k, v)
			}
			return nil
		})
		var m map[string]any
		valid := utf8.Valid(in) && json.Unmarshal(in, &m) == nil && m != nil
		if deep := err != nil && strings.Contains(err.Error(), "deeper"); !deep && valid != (err == nil) {
			t.Errorf("encoding/json says %v, the walker %v: %q", valid, err, in)
		}
		if err == nil && members < len(m) {
			t.Errorf("%d members of %d: %q", members, len(m), in)
		}
		_ = Array(in, nil)
	})
}

// TestSpecial compares with the plain loop on every byte at every place.
func TestSpecial(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			b := []byte(strings.Repeat("\xe9", 20))
			b[at] = byte(c)
			want := len(b)
			if c == '"' || c == '\\' || c < ' ' {
				want = at
			}
			if got := Special(b); got != want {
				t.Fatalf("byte %#x at %d: %d, want %d", c, at, got, want)
			}
			b[min(at+3, 19)] = '"' // a later one must not hide an earlier one
			if got := Special(b); want == at && at+3 <= 19 && got != at {
				t.Fatalf("byte %#x at %d before a quote: %d", c, at, got)
			}
		}
	}
}
