package expr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expr"
)

func TestAsks(t *testing.T) {
	env := newEnv(t)
	for source, want := range map[string]string{
		"thing.size == 3":                                                         "size",
		"thing.name.?deep.orValue('') == ''":                                      "name.?deep",
		"has(thing.name)":                                                         "?name",
		"thing.parts.exists(p, p.id == 'a')":                                      "parts[].id",
		"thing.parts[0].id == 'a' && thing['name'] == 'x'":                        "parts[].id name",
		"thing.parts.all(p, p.n > 1 && p.deep.er.exists(q, q.x == p.id))":         "parts[].n parts[].deep.er[].x parts[].id",
		"thing.parts.filter(p, p.n == 1).size() == 1":                             "parts[].n parts[]",
		"thing.parts.filter(p, p.n == 1).all(q, q.id == 'x')":                     "parts[].n parts[].id",
		"thing.parts.map(p, p.deep).exists(d, d.er == 1)":                         "parts[].deep.er",
		"thing.parts.map(p, p.id) == ['a']":                                       "parts[].id",
		"thing.?parts.orValue([]).exists(p, p.?id.orValue('') == 'a')":            "?parts[].?id",
		"cel.bind(p, thing.parts, p.size() == 1 && p[0].id == 'x')":               "parts parts[].id",
		"shape(thing.parts) == 'list'":                                            "parts",
		"shape(thing) == 'map'":                                                   "",
		"(thing.size > 1 ? thing.parts : thing.name).size() == 2":                 "size name parts",
		"thing.parts.exists(p, list.exists(q, q == p.id))":                        "parts[].id",
		"thing.parts.exists(p, true)":                                             "parts",
		"thing.?name.?deep.hasValue() || thing.parts.map(p, p.n > 1, p.id) == []": "?name.?deep parts[].n parts[].id",
	} {
		p, err := env.Compile("a.yaml", source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		var got []string
		for _, a := range p.Asks("thing") {
			got = append(got, words(a.Path))
		}
		if d := cmp.Diff(want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s (-want +got):\n%s", source, d)
		}
	}
}

func words(path []expr.Step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.Element:
			b.WriteString("[]")
			continue
		case i > 0:
			b.WriteByte('.')
		}
		if s.Maybe {
			b.WriteByte('?')
		}
		b.WriteString(s.Name)
	}
	return b.String()
}

// TestAskPlaces: an ask says where it is written.
func TestAskPlaces(t *testing.T) {
	p, err := newEnv(t).CompileAt(expr.Place{File: "a.yaml", Line: 7, Col: 5}, "thing.size == 3 &&\nthing.name == 'x'")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range p.Asks("thing") {
		got = append(got, fmt.Sprintf("%s %d:%d", words(a.Path), a.Place.Line, a.Place.Col))
	}
	if d := cmp.Diff([]string{"size 7:10", "name 8:10"}, got); d != "" {
		t.Error(d)
	}
}

func TestMentions(t *testing.T) {
	env := newEnv(t)
	for source, want := range map[string]bool{
		"thing.size == 3": true, "shape(thing) == 'map'": true, "1 + 1 == 2": false, "[1].exists(x, x == thing.size)": true, "'thing' == ''": false,
	} {
		p, err := env.Compile("a", source)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Mentions("thing"); got != want {
			t.Errorf("%s mentions thing: %t", source, got)
		}
	}
}
