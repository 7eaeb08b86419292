package expr_test

import (
	"testing"

	"jobzero/internal/expr"
)

// TestMore: a list that may have more elements than it shows is judged by those that show, and never by their number.
func TestMore(t *testing.T) {
	env, err := expr.NewEnv([]expr.Var{{Name: "r", Kind: expr.Map}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]expr.Verdict{
		"r.list.exists(e, e == 'a')":               expr.True,
		"r.list.exists(e, e == 'c')":               expr.Unknown,
		"r.list.all(e, e == 'a')":                  expr.False,
		"r.list.all(e, e in ['a', 'b'])":           expr.Unknown,
		"'b' in r.list":                            expr.True,
		"'c' in r.list":                            expr.Unknown,
		"r.list.size() == 0":                       expr.Unknown,
		"r.list.size() > 0":                        expr.Unknown,
		"r.list.map(e, e + '!').size() == 3":       expr.Unknown,
		"(r.list + ['c']).size() == 4":             expr.Unknown,
		"(['c'] + r.list).size() == 4":             expr.Unknown,
		"r.list == ['a', 'b']":                     expr.Unknown,
		"r.list == ['b', 'a']":                     expr.False,
		"r.list[0] == 'a'":                         expr.True,
		"r.list[?2].orValue('none') == 'none'":     expr.Unknown,
		"r.none.size() == 0":                       expr.Unknown,
		"r.none.exists(e, e == 'a')":               expr.Unknown,
		"r.none == []":                             expr.Unknown,
		"r.?none.orValue([]).size() == 0":          expr.Unknown,
		"r.closed.size() == 0":                     expr.True,
		"r.maps.exists(m, m.Word == 'good')":       expr.True,
		"r.maps.all(m, m.Word == 'good')":          expr.Unknown,
		"r.maps.exists(m, m.Other == 'a')":         expr.Unknown,
		"r.maps.filter(m, m.Word == 'bad') == []":  expr.Unknown,
		"r.list.exists(e, e == 'a') || r.x == 'y'": expr.True,
	} {
		p, err := env.Compile("x", text)
		if err != nil {
			t.Fatal(err)
		}
		in := map[string]any{"r": map[string]any{
			"list": []any{"a", "b"}, "closed": []any{}, "maps": []any{map[string]any{"Word": "good", "Other": "b"}},
		}}
		got, blame, err := p.Eval(in, []string{"r.list[+]", "r.none[+]", "r.maps[+]", "r.maps[0].Other"})
		if err != nil || got != want {
			t.Errorf("%s is %v (%v, %v), want %v", text, got, blame, err, want)
		}
	}
}
