package expr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/expr"
)

// TestForm: an expression is taken apart as far as its parts are simple tests.
func TestForm(t *testing.T) {
	env := newEnv(t)
	for source, want := range map[string]string{
		"thing.size == 3":                                  "size == [3]",
		"3 < thing.size":                                   "size > [3]",
		"thing.name == null":                               "name == [<nil>]",
		"!has(thing.name)":                                 "not(name has [])",
		"thing.?size.orValue(1) in [1, 2]":                 "?size in [1 2] else 1",
		"thing.name && (thing.size > 1 || thing.size < 0)": "all(name == [true], some(size > [1], size < [0]))",
		"(has(thing.name) ? thing.size : thing.?size.orValue(2)) == 3": "some(all(name has [], size == [3]), all(not(name has []), ?size == [3] else 2))",
		"thing.name.matches('^a')":                                     "name matches [^a]",
		"thing.parts.all(p, !p.id)":                                    "every parts(not(id == [true]))",
		"thing.?parts.orValue([]).exists(p, p.id == 'a')":              "exists ?parts(id == [a])",
		"['name', 'size'].all(n, thing[?n].orValue(false))":            "all(?name == [true] else false, ?size == [true] else false)",
		"thing.parts.size() > 0":                                       "parts size> [0]",
		"thing.parts.exists(p, p.id == thing.name)":                    "exists parts(other)",
		"shape(thing) == 'map'":                                        "other",
		"thing.size + 1 == 2":                                          "other",
	} {
		p, err := env.Compile("a.yaml", source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if d := cmp.Diff(want, formed(p.Form("thing"))); d != "" {
			t.Errorf("%s (-want +got):\n%s", source, d)
		}
	}
}

func formed(f expr.Form) string {
	var parts []string
	for _, p := range f.Parts {
		parts = append(parts, formed(p))
	}
	inner := "(" + strings.Join(parts, ", ") + ")"
	switch f.Kind {
	case expr.Test:
		out := fmt.Sprintf("%s %s %v", words(f.Path), f.Compare, f.Values)
		if f.Defaulted {
			out += fmt.Sprintf(" else %v", f.Default)
		}
		return out
	case expr.All:
		return "all" + inner
	case expr.Some:
		return "some" + inner
	case expr.Not:
		return "not" + inner
	case expr.Every:
		return "every " + words(f.Path) + inner
	case expr.Exists:
		return "exists " + words(f.Path) + inner
	case expr.Other:
	}
	return "other"
}

// TestCalls: which functions an expression calls, with the texts that are written.
func TestCalls(t *testing.T) {
	p, err := newEnv(t).Compile("a.yaml", "shape(thing.name) == 'map' && shape('x') == 'text'")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]string{{""}, {"x"}}, p.Calls()["shape"]); d != "" {
		t.Error(d)
	}
}
