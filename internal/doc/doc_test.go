package doc_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/doc"
	"jobzero/internal/fault"
)

type pet struct {
	Name  string            `yaml:"name"`
	Age   int               `yaml:"age"`
	Tags  []string          `yaml:"tags"`
	Home  *place            `yaml:"home"`
	Every time.Duration     `yaml:"every"`
	Extra map[string]string `yaml:"extra"`
}

type place struct {
	City string `yaml:"city"`
}

func TestDecode(t *testing.T) {
	cases := []struct {
		name, file, text string
		want             pet
	}{
		{
			"block", "a.yaml", "name: Tom\nage: 3\ntags: [a, 'b: c']\nhome:\n  city: Ulm\nevery: 90s\n",
			pet{Name: "Tom", Age: 3, Tags: []string{"a", "b: c"}, Home: &place{"Ulm"}, Every: 90 * time.Second},
		},
		{
			"json", "a.json", "{\n\t\"name\":\t\"T\\u00f6m \\ud83d\\ude00 \\/\",\n\t\"age\":3,\"extra\":{\"k\":\"v: w # x\"}}",
			pet{Name: "Töm 😀 /", Age: 3, Extra: map[string]string{"k": "v: w # x"}},
		},
		{"json in yaml", "a.yaml", `{"name":"Tom","age":3,"home":{"city":"Ulm"}}`, pet{Name: "Tom", Age: 3, Home: &place{"Ulm"}}},
		{"crlf and byte order mark", "a.yaml", "\ufeffname: Tom\r\nage: 3\r\n", pet{Name: "Tom", Age: 3}},
		{"comment only", "a.yaml", "# nothing\n", pet{}},
		{"empty", "a.yaml", "", pet{}},
		{"empty value", "a.yaml", "name: Tom\nhome:\n", pet{Name: "Tom"}},
		{"literal text", "a.yaml", "name: |\n  two\n  lines\n", pet{Name: "two\nlines\n"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got pet
			if err := doc.Decode(c.file, []byte(c.text), &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := []struct{ name, file, text, want string }{
		{"unknown key", "a.yaml", "name: Tom\ncolour: red\n", `a.yaml:2:1: unknown field "colour"`},
		{"unknown key below", "a.yaml", "home:\n  city: Ulm\n  street: x\n", `a.yaml:3:3: unknown field "street"`},
		{"unknown key in json", "a.json", "{\n\t\"colour\": 1}", `a.json:2:2: unknown field "colour"`},
		{"wrong type", "a.yaml", "name: Tom\nage: old\n", "a.yaml:2:6: cannot unmarshal string into"},
		{"repeated key", "a.yaml", "name: a\nname: b\n", "a.yaml:2:1: "},
		{"anchor", "a.yaml", "name: &x a\n", "a.yaml:1:7: anchors"},
		{"alias", "a.yaml", "name: *x\n", "a.yaml:1:7: anchors"},
		{"merge", "a.yaml", "home:\n  <<: {city: Ulm}\n", "a.yaml:2:3: merge"},
		{"tag", "a.yaml", "name: !!binary aGk=\n", "a.yaml:1:7: tags"},
		{"second document", "a.yaml", "name: a\n---\nname: b\n", "a.yaml:3:1: a second document"},
		{"broken yaml", "a.yaml", "name: [a\n", "a.yaml:1:"},
		{"broken json", "a.json", "{\n \"name\": \"a\",\n}", "a.json:3:1: invalid character"},
		{"two json values", "a.json", "{}\n{}", "a.json:2:"},
		{"yaml in json", "a.json", "name: a", "a.json:1:2: invalid character"},
		{"not text", "a.yaml", "name: \x00\n", "a.yaml:1:7: byte 0x00"},
		{"not utf-8", "a.yaml", "a: b\nname: \xff\n", "a.yaml:2:7: byte 0xff"},
		{"too deep in flow", "a.yaml", strings.Repeat("[", 200_000), "a.yaml:1:101: more than 100 levels"},
		{"too deep in lists", "a.yaml", strings.Repeat("- ", 200_000), "a.yaml:1:201: more than 100 levels"},
		{"too deep in json", "a.json", strings.Repeat(`[`, 5000) + strings.Repeat("]", 5000), "a.json:1:101: more than 100"},
		{"too deep in keys", "a.yaml", strings.Repeat("? ", 200_000), "more than 100 levels"},
		{"too large", "a.yaml", strings.Repeat("#", doc.MaxBytes+1), "a.yaml:1:1: 1048577 bytes"},
		{"directive", "a.yaml", "%YAML 1.2\n---\nname: a\n", "a.yaml:1:1: directives"},
		{"document end", "a.yaml", "name: a\n...\nname: b\n", "a.yaml:2:1: directives"},
		{"in the second document", "a.yaml", "---\n---\nname: a\nage: x\n", "a.yaml:4:6: cannot"},
		{"map as key", "a.yaml", "{a: 1}: b\n", "a.yaml:1:"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got pet
			err := doc.Decode(c.file, []byte(c.text), &got)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestDecodeAll(t *testing.T) {
	got, err := doc.DecodeAll[pet]("a.yaml", []byte("name: a\n---\n---\nname: b\n"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]pet{{Name: "a"}, {Name: "b"}}, got); d != "" {
		t.Error(d)
	}
	if _, err := doc.DecodeAll[pet]("a.yaml", []byte("name: a\n---\nnome: b\n")); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:3:1: unknown field") {
		t.Errorf("got %v", err)
	}
}

func TestReaderMax(t *testing.T) {
	var got pet
	if err := (doc.Reader{Max: 4}).Decode("a.yaml", []byte("name: a"), &got); err == nil {
		t.Error("no error over the limit")
	}
	big := []byte("name: a\n" + strings.Repeat("#", doc.MaxBytes))
	if err := (doc.Reader{Max: 2 * doc.MaxBytes}).Decode("a.yaml", big, &got); err != nil {
		t.Error(err)
	}
}

func TestParse(t *testing.T) {
	nodes, err := doc.Parse("a.yaml", []byte("a:\n  - 'x\\y'\n  - 007\n  - ~\n  - true\n  -\nb: \"q\\n\"\n3: 1.50\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(nodes) != 1 || nodes[0].Kind != doc.Map {
		t.Fatalf("got %d nodes", len(nodes))
	}
	type flat struct {
		Kind      string
		Text      string
		Line, Col int
	}
	var got []flat
	for _, n := range append(nodes[0].Get("a").Items, nodes[0].Get("b"), nodes[0].Get("3")) {
		got = append(got, flat{n.Kind.String(), n.Text, n.Line, n.Col})
	}
	want := []flat{
		{"a text", `x\y`, 2, 5},
		{"a number", "007", 3, 5},
		{"null", "", 4, 5},
		{"true or false", "true", 5, 5},
		{"null", "", 6, 4},
		{"a text", "q\n", 7, 4},
		{"a number", "1.50", 8, 4},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if nodes[0].Get("none") != nil || (*doc.Node)(nil).Get("a") != nil {
		t.Error("Get finds what is not there")
	}
}

// TestHostileTextEnds reads texts that are slow in naive parsers; a quadratic one takes minutes.
func TestHostileTextEnds(t *testing.T) {
	for _, unit := range []string{"[", "- ", "? ", "a: ", `"`, "'", "a\n", "|\n", "{a: ", "- a\n", "a,", "\n", " ", "#", ":", "%", "- |\n  a\n", "--- a\n", "\ta", "[a],", "\\", ">-\n\n"} {
		start := time.Now()
		var v any
		err := doc.Decode("a.yaml", []byte(strings.Repeat(unit, doc.MaxBytes/4/len(unit))), &v)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q took %s (%v)", unit, took, err)
		} else {
			t.Logf("%q: %s", unit, took)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"name: a", "a: [1, {b: c}]", "- - - x", "? a\n: b", "a: |\n  x\n", "a: 'it''s'", "{", "--- a\n---\nb", "%YAML 1.2\n---\na", "a: !!str b", "<<: a", "'': x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var p pet
		for _, name := range []string{"a.yaml", "a.json"} {
			if err := doc.Decode(name, data, &p); err != nil && (!fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), name+":")) {
				t.Fatalf("error without a place: %v", err)
			}
			nodes, err := doc.Parse(name, data)
			if err != nil && !strings.HasPrefix(err.Error(), name+":") {
				t.Fatalf("error without a place: %v", err)
			}
			for _, n := range nodes {
				if n.Line < 1 || n.Col < 1 {
					t.Fatalf("place %s", n.Place())
				}
			}
		}
	})
}
