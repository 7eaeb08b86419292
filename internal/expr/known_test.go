package expr_test

import (
	"testing"

	"jobzero/internal/expr"
)

// TestKnown: of a value that is not known it may be known that it is there, or that it is no empty text.
func TestKnown(t *testing.T) {
	env, err := expr.NewEnv([]expr.Var{{Name: "r", Kind: expr.Map}})
	if err != nil {
		t.Fatal(err)
	}
	full := []string{expr.Present, expr.Filled}
	for text, want := range map[string]expr.Verdict{
		"has(r.there)":                  expr.True,
		"has(r.full)":                   expr.True,
		"has(r.hole)":                   expr.Unknown,
		"!has(r.there)":                 expr.False,
		"has(r.there.more)":             expr.Unknown,
		"'there' in r":                  expr.True,
		"'hole' in r":                   expr.Unknown,
		"r.full != ''":                  expr.True,
		"'' == r.full":                  expr.False,
		"r.there != ''":                 expr.Unknown,
		"r.there != null":               expr.True,
		"r.hole != null":                expr.Unknown,
		"r.?full.orValue('') != ''":     expr.True,
		"r.?there.orValue('') != ''":    expr.Unknown,
		"r.?hole.orValue('') != ''":     expr.Unknown,
		"r.full == 'x'":                 expr.Unknown,
		"r.full == ['']":                expr.Unknown,
		"(r.full + r.full) == ''":       expr.Unknown,
		"(r.full + r.full) != ''":       expr.Unknown,
		"r.list.all(e, e != '')":        expr.True,
		"r.list.all(e, has(e.x))":       expr.False,
		"r.map.size() == 2":             expr.True,
		"r.size() == 5":                 expr.Unknown,
		"r.map == {'a': 1, 'b': 2}":     expr.Unknown,
		"r.map == {'a': 1, 'c': 2}":     expr.False,
		"r.map.exists(k, k == 'b')":     expr.True,
		"r.full != '' && r.hole == 'x'": expr.Unknown,
		"r.full == '' || (r.?hole.orValue('') == '' && 1 > 2)": expr.False,
	} {
		p, err := env.Compile("x", text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		in := expr.NewInput(map[string]any{"r": map[string]any{
			"list": []any{"a", "b"}, "map": map[string]any{"a": int64(1)},
		}}, []expr.Hole{
			{Path: "r.there", Marks: []string{expr.Present}},
			{Path: "r.full", Marks: full},
			{Path: "r.hole"},
			{In: "r", Path: "list[1]", Marks: full},
			{In: "r", Path: "map.b", Marks: []string{expr.Present}},
		})
		got, blame, err := p.EvalOn(in)
		if err != nil || got != want {
			t.Errorf("%s is %v (%v, %v), want %v", text, got, blame, err, want)
		}
	}
}
